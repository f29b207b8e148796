#include "agent/admin_api/OpenApi.h"

#include "core/api/CustomResources.h"
#include "core/crypto/Crypto.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>
#include <set>

namespace gatehouse::admin_api {
namespace {

constexpr const char* MetaSchema = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

std::string groupPathOf(const ResourceType& type) {
    return type.group.empty() ? "api/" + type.version : "apis/" + type.group + "/" + type.version;
}

/// "dev.nebari.llm.v1alpha1.LLMModel", as Kubernetes names schemas.
std::string schemaName(const ResourceType& type) {
    std::string reversed;
    std::string_view rest = type.group.empty() ? std::string_view("core.api.k8s.io") : std::string_view(type.group);
    while (!rest.empty()) {
        const std::size_t dot = rest.rfind('.');
        reversed += std::string(dot == std::string_view::npos ? rest : rest.substr(dot + 1)) + ".";
        rest = dot == std::string_view::npos ? std::string_view() : rest.substr(0, dot);
    }
    return reversed + type.version + "." + type.kind;
}

json::Object groupVersionKind(const ResourceType& type) {
    return {{"group", type.group}, {"version", type.version}, {"kind", type.kind}};
}

json::Object reference(const std::string& name) {
    return {{"$ref", "#/components/schemas/" + name}};
}

json::Object stringSchema(const char* description) {
    return {{"type", "string"}, {"description", description}};
}

json::Object metaSchema() {
    const json::Object map{{"type", "object"}, {"additionalProperties", json::Object{{"type", "string"}}}};
    return {{"type", "object"},
            {"description", "Metadata every object has."},
            {"properties",
             json::Object{
                 {"name", stringSchema("Name, unique in its namespace and kind.")},
                 {"generateName", stringSchema("Beginning of a name that the server completes.")},
                 {"namespace", stringSchema("Namespace; \"default\" when empty.")},
                 {"labels", map},
                 {"annotations", map},
                 {"uid", stringSchema("Set by the server.")},
                 {"resourceVersion", stringSchema("Set by the server; grows with every change.")},
                 {"generation", json::Object{{"type", "integer"}, {"format", "int64"}}},
                 {"creationTimestamp", json::Object{{"type", "string"}, {"format", "date-time"}}},
                 {"deletionTimestamp", json::Object{{"type", "string"}, {"format", "date-time"}}},
                 {"finalizers", json::Object{{"type", "array"}, {"items", json::Object{{"type", "string"}}}}},
                 {"ownerReferences", json::Object{{"type", "array"}, {"items", json::Object{{"type", "object"}}}}}}}};
}

/// Kinds without a CRD: data maps and what is left of the core group here.
json::Object coreSchema(const KnownKind& kind) {
    json::Object properties{
        {"apiVersion", stringSchema("")}, {"kind", stringSchema("")}, {"metadata", reference(MetaSchema)}};
    const json::Object map{{"type", "object"}, {"additionalProperties", json::Object{{"type", "string"}}}};
    if (kind.type == kinds::Secret) {
        properties["type"] = stringSchema("What it is for.");
        properties["data"] = map;
        properties["stringData"] = map;
    } else if (kind.type == kinds::ConfigMap) {
        properties["data"] = map;
    }
    return {{"type", "object"}, {"description", kind.purpose}, {"properties", std::move(properties)}};
}

json::Object schemaOfKind(const KnownKind& kind) {
    json::Object schema;
    const auto* resource = api::findCustomResource(kind.type);
    if (resource != nullptr && resource->schema.source().is_object()) {
        schema = resource->schema.source().get_object();
        json::Object& properties = json::objectAt(schema, "properties");
        properties["metadata"] = reference(MetaSchema);
        properties["apiVersion"] = stringSchema("Group and version of the kind.");
        properties["kind"] = stringSchema("The kind.");
    } else {
        schema = coreSchema(kind);
    }
    schema["x-kubernetes-group-version-kind"] = json::Array{groupVersionKind(kind.type)};
    return schema;
}

json::Object parameter(const char* name, const char* type, const char* description) {
    return {{"name", name},
            {"in", "query"},
            {"description", description},
            {"schema", json::Object{{"type", type}, {"uniqueItems", true}}}};
}

json::Array writeParameters() {
    return {parameter("dryRun", "string", "All: validate and answer as if written."),
            parameter("fieldManager", "string", "Who writes."),
            parameter("fieldValidation", "string", "Ignore, Warn or Strict (the default here).")};
}

json::Object operation(const KnownKind& kind, const char* action, json::Array parameters, const char* bodyType) {
    const json::Object content{{"application/json", json::Object{{"schema", reference(schemaName(kind.type))}}}};
    json::Object result{{"x-kubernetes-action", action},
                        {"x-kubernetes-group-version-kind", groupVersionKind(kind.type)},
                        {"operationId", std::string(action) + kind.type.kind},
                        {"parameters", std::move(parameters)},
                        {"responses", json::Object{{"200", json::Object{{"description", "OK"}, {"content", content}}},
                                                   {"401", json::Object{{"description", "Unauthorized"}}}}}};
    if (bodyType != nullptr) {
        result["requestBody"] = json::Object{
            {"required", true},
            {"content", json::Object{{bodyType, json::Object{{"schema", json::Object{{"type", "object"}}}}}}}};
    }
    return result;
}

void addPaths(json::Object& paths, const KnownKind& kind) {
    const bool writable = kind.type != kinds::Namespace;
    // kubectl looks at the patch operation to learn that fields are validated here, so kinds that cannot be patched
    // (ApiKey, ConfigMap) have one in the document too; their refusal then comes from the server, in words.
    const std::string collection =
        "/" + groupPathOf(kind.type) + (kind.type.namespaced ? "/namespaces/{namespace}/" : "/") + kind.type.plural;
    json::Object all;
    const json::Array listing{parameter("labelSelector", "string", ""), parameter("fieldSelector", "string", ""),
                              parameter("limit", "integer", ""),        parameter("continue", "string", ""),
                              parameter("watch", "boolean", ""),        parameter("resourceVersion", "string", "")};
    all["get"] = operation(kind, "list", listing, nullptr);
    json::Object one;
    one["get"] = operation(kind, "get", {}, nullptr);
    if (writable) {
        all["post"] = operation(kind, "post", writeParameters(), "application/json");
        one["delete"] = operation(kind, "delete", {parameter("propagationPolicy", "string", "")}, nullptr);
    }
    if (writable) {
        json::Array parameters = writeParameters();
        parameters.push_back(parameter("force", "boolean", "Take over fields of other managers."));
        one["put"] = operation(kind, "put", writeParameters(), "application/json");
        one["patch"] = operation(kind, "patch", std::move(parameters), "application/apply-patch+yaml");
    }
    paths[collection] = std::move(all);
    paths[collection + "/{name}"] = std::move(one);
}

} // namespace

json::Object openApiIndex() {
    json::Object paths;
    std::set<std::string> groups;
    for (const auto& kind : knownKinds()) {
        groups.insert(groupPathOf(kind.type));
    }
    for (const auto& group : groups) {
        const auto document = openApiDocument(group);
        const std::string hash = crypto::sha256Hex(json::compact(*document)).substr(0, 32);
        paths[group] = json::Object{{"serverRelativeURL", "/openapi/v3/" + group + "?hash=" + hash}};
    }
    return {{"paths", std::move(paths)}};
}

std::optional<json::Object> openApiDocument(const std::string& groupPath) {
    json::Object paths;
    json::Object schemas{{MetaSchema, metaSchema()}};
    for (const auto& kind : knownKinds()) {
        if (groupPathOf(kind.type) == groupPath) {
            schemas[schemaName(kind.type)] = schemaOfKind(kind);
            addPaths(paths, kind);
        }
    }
    if (paths.empty()) {
        return std::nullopt;
    }
    return json::Object{{"openapi", "3.0.0"},
                        {"info", json::Object{{"title", "Gatehouse"}, {"version", GATEHOUSE_VERSION}}},
                        {"paths", std::move(paths)},
                        {"components", json::Object{{"schemas", std::move(schemas)}}}};
}

} // namespace gatehouse::admin_api
