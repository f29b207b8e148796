#include "agent/commands/GetCommand.h"

#include "agent/commands/Connect.h"
#include "agent/commands/KindNames.h"
#include "agent/commands/ObjectFiles.h"
#include "agent/commands/Output.h"

#include <cstdio>

namespace gatehouse::commands {
namespace {

struct GetOptions {
    std::string kind;
    std::vector<std::string> names;
    std::string nameSpace = "default";
    bool everywhere = false;
    std::string selector;
    std::string output = "table";
};

struct DeleteCommandOptions {
    std::string kind;
    std::vector<std::string> names;
    std::vector<std::string> files;
    std::string nameSpace = "default";
    bool ignoreMissing = false;
};

Result<ExitCode> runGet(const CommonOptions& common, const GetOptions& wanted) {
    const auto kind = kindNamed(wanted.kind);
    if (!kind) {
        return failure(kind.error());
    }
    auto client = connectToAgent(common);
    if (!client) {
        return failure(std::move(client.error()));
    }
    const ResourceType& type = (*kind)->type;
    const std::string nameSpace = type.namespaced && !wanted.everywhere ? wanted.nameSpace : std::string();
    std::vector<Object> objects;
    if (wanted.names.empty()) {
        ListOptions options;
        options.nameSpace = nameSpace;
        options.labelSelector = wanted.selector;
        auto list = (*client)->list(type, options);
        if (!list) {
            return failure(std::move(list.error()));
        }
        objects = std::move(list->items);
    }
    for (const auto& name : wanted.names) {
        auto object = (*client)->get({type, type.namespaced ? wanted.nameSpace : std::string(), name});
        if (!object) {
            return failure(std::move(object.error()));
        }
        objects.push_back(std::move(*object));
    }
    if (objects.empty() && wanted.output == "table") {
        std::fprintf(stderr, "no %s%s\n", type.plural.c_str(),
                     nameSpace.empty() ? "" : (" in namespace " + nameSpace).c_str());
        return ExitCode::Holds;
    }
    const SystemClock clock;
    const std::string text = formatObjects(type, objects, wanted.output, wanted.names.size() == 1, clock.now());
    std::fwrite(text.data(), 1, text.size(), stdout);
    return ExitCode::Holds;
}

void defineGet(CLI::App& app, const CommonOptions& common, const Bind& bind) {
    const auto options = std::make_shared<GetOptions>();
    app.add_option("kind", options->kind, "Kind: models by llm, passthroughmodels, apikeys, proberuns, evidencepacks …")
        ->required();
    app.add_option("name", options->names, "Names; none: all");
    app.add_option("-n,--namespace", options->nameSpace, "Namespace")->capture_default_str();
    app.add_flag("-A,--all-namespaces", options->everywhere, "All namespaces");
    app.add_option("-l,--selector", options->selector, "Label selector, for example team=blue");
    app.add_option("-o,--output", options->output, "Form of the output")
        ->check(CLI::IsMember(OutputForms))
        ->capture_default_str();
    bind(app, [&common, options] { return runGet(common, *options); });
}

Result<std::vector<ObjectKey>> keysToDelete(const DeleteCommandOptions& wanted) {
    std::vector<ObjectKey> keys;
    if (!wanted.files.empty()) {
        const auto read = readObjectFiles(wanted.files);
        if (!read) {
            return failure(read.error());
        }
        for (const auto& [object, where] : *read) {
            const KnownKind* kind = findKind(object.apiVersion(), object.kind());
            if (kind == nullptr) {
                return failure(ErrorKind::BadRequest, where + ": the kind is not known here",
                               "check apiVersion and kind");
            }
            keys.push_back(
                {kind->type, object.nameSpace().empty() ? wanted.nameSpace : object.nameSpace(), object.name()});
        }
        return keys;
    }
    const auto kind = kindNamed(wanted.kind);
    if (!kind) {
        return failure(kind.error());
    }
    if (wanted.names.empty()) {
        return failure(ErrorKind::BadRequest, "delete needs a name", "see `gatehouse-agent get " + wanted.kind + "`");
    }
    for (const auto& name : wanted.names) {
        keys.push_back({(*kind)->type, wanted.nameSpace, name});
    }
    return keys;
}

Result<ExitCode> runDelete(const CommonOptions& common, const DeleteCommandOptions& wanted) {
    const auto keys = keysToDelete(wanted);
    if (!keys) {
        return failure(keys.error());
    }
    auto client = connectToAgent(common);
    if (!client) {
        return failure(std::move(client.error()));
    }
    for (const ObjectKey& key : *keys) {
        const auto removed = (*client)->remove(key);
        if (!removed && !(wanted.ignoreMissing && removed.error().kind == ErrorKind::NotFound)) {
            return failure(removed.error());
        }
        const bool waits = removed && removed->isBeingDeleted();
        std::printf("%s/%s %s\n", key.type.kind.c_str(), key.name.c_str(),
                    !removed ? "was not there"
                    : waits  ? "is being deleted"
                             : "deleted");
    }
    return ExitCode::Holds;
}

void defineDelete(CLI::App& app, const CommonOptions& common, const Bind& bind) {
    const auto options = std::make_shared<DeleteCommandOptions>();
    app.add_option("kind", options->kind, "Kind, as for get");
    app.add_option("name", options->names, "Names");
    app.add_option("-f,--filename", options->files, "Delete what these files name");
    app.add_option("-n,--namespace", options->nameSpace, "Namespace")->capture_default_str();
    app.add_flag("--ignore-not-found", options->ignoreMissing, "What is not there is no failure");
    bind(app, [&common, options] { return runDelete(common, *options); });
}

} // namespace

Command getCommand() {
    return {"get", "Show objects of a running agent", defineGet};
}

Command deleteCommand() {
    return {"delete", "Delete objects of a running agent", defineDelete};
}

} // namespace gatehouse::commands
