#include "core/api/CustomResources.h"

#include "core/yaml/Yaml.h"

#include <QDirIterator>
#include <QFile>
#include <algorithm>
#include <cstdio>
#include <cstdlib>

// In a static library the linker drops resources that nobody names; the macro must stand outside any namespace.
static void initCrdResources() {
    Q_INIT_RESOURCE(core_crds);
}

namespace gatehouse::api {
namespace {

std::vector<std::string> textsAt(const json::Value& value, std::string_view path) {
    std::vector<std::string> texts;
    const json::Value* list = json::at(value, path);
    if (list != nullptr && list->is_array()) {
        for (const json::Value& item : list->get_array()) {
            texts.emplace_back(item.is_string() ? std::string_view(item.get_string()) : std::string_view());
        }
    }
    return texts;
}

std::vector<PrinterColumn> columnsOf(const json::Value& version) {
    std::vector<PrinterColumn> columns;
    const json::Value* list = json::find(version, "additionalPrinterColumns");
    if (list != nullptr && list->is_array()) {
        for (const json::Value& column : list->get_array()) {
            columns.push_back({json::text(column, "name"), json::text(column, "type"), json::text(column, "jsonPath"),
                               json::text(column, "description")});
        }
    }
    return columns;
}

Result<CustomResource> customResourceFrom(json::Value definition) {
    const json::Value* versions = json::at(definition, "spec.versions");
    if (versions == nullptr || !versions->is_array() || versions->get_array().size() != 1) {
        return failure(ErrorKind::Unsupported, "exactly one version is expected");
    }
    const json::Value& version = versions->get_array()[0];
    const json::Value* schemaSource = json::at(version, "schema.openAPIV3Schema");
    if (schemaSource == nullptr) {
        return failure(ErrorKind::Unsupported, "it has no schema");
    }
    Result<Schema> schema = Schema::from(*schemaSource);
    if (!schema) {
        return failure(schema.error());
    }
    CustomResource resource;
    resource.type = {json::text(definition, "spec.group"), json::text(version, "name"),
                     json::text(definition, "spec.names.kind"), json::text(definition, "spec.names.plural")};
    resource.singular = json::text(definition, "spec.names.singular");
    resource.shortNames = textsAt(definition, "spec.names.shortNames");
    resource.hasStatus = json::at(version, "subresources.status") != nullptr;
    resource.columns = columnsOf(version);
    resource.schema = std::move(*schema);
    resource.definition = std::move(definition);
    return resource;
}

/// A build whose own resources cannot be read must not serve anything.
[[noreturn]] void brokenBuild(const QString& file, const Error& error) {
    std::fprintf(stderr, "gatehouse: %s is not usable: %s\n", qPrintable(file), error.describe().c_str());
    std::abort();
}

std::vector<CustomResource> readAllCustomResources() {
    initCrdResources();
    std::vector<CustomResource> all;
    QDirIterator files(QStringLiteral(":/gatehouse/crds"));
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly)) {
            brokenBuild(file.fileName(), makeError(ErrorKind::Internal, "it cannot be opened"));
        }
        Result<json::Value> definition = yaml::readOne(file.readAll().toStdString());
        Result<CustomResource> resource = definition ? customResourceFrom(std::move(*definition))
                                                     : Result<CustomResource>(failure(definition.error()));
        if (!resource) {
            brokenBuild(file.fileName(), resource.error());
        }
        all.push_back(std::move(*resource));
    }
    std::sort(all.begin(), all.end(), [](const CustomResource& a, const CustomResource& b) { return a.type < b.type; });
    return all;
}

} // namespace

std::span<const CustomResource> customResources() {
    static const std::vector<CustomResource> all = readAllCustomResources();
    return all;
}

const CustomResource* findCustomResource(const ResourceType& type) {
    const auto all = customResources();
    const auto found = std::find_if(all.begin(), all.end(), [&](const CustomResource& resource) {
        return resource.type.group == type.group && resource.type.version == type.version &&
               resource.type.kind == type.kind;
    });
    return found == all.end() ? nullptr : &*found;
}

const Schema* schemaOf(const ResourceType& type) {
    const CustomResource* resource = findCustomResource(type);
    return resource == nullptr ? nullptr : &resource->schema;
}

} // namespace gatehouse::api
