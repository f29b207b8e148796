#include "agent/commands/ApplyCommand.h"

#include "agent/commands/Connect.h"
#include "agent/commands/ObjectFiles.h"
#include "core/api/Admission.h"
#include "core/object_store/KnownKinds.h"

#include <cstdio>

namespace gatehouse::commands {
namespace {

constexpr const char* ApplyManager = "gatehouse-apply";
constexpr std::size_t MaxFieldsShown = 5;

struct ApplyCommandOptions {
    std::vector<std::string> files;
    std::string nameSpace;
    bool dryRun = false;
    bool force = false;
};

/// An object that is ready to be sent, and what is there now.
struct Step {
    ObjectKey key;
    Object object;
    std::string where;
    std::optional<Object> before;
};

/// Kind, namespace, schema and the rules of meaning, with the other objects of the same call in view.
Result<std::vector<Step>> checkHere(std::vector<FileObject> read, const std::string& nameSpace) {
    std::vector<Step> steps;
    std::vector<Object> others;
    for (auto& [object, where] : read) {
        const KnownKind* kind = findKind(object.apiVersion(), object.kind());
        if (kind == nullptr || kind->isVirtual) {
            return failure(ErrorKind::BadRequest,
                           where + ": the kind " + object.kind() + " of " + object.apiVersion() + " cannot be applied",
                           "check apiVersion and kind");
        }
        if (object.name().empty()) {
            return failure(ErrorKind::BadRequest, where + ": apply needs metadata.name", "generateName is for create");
        }
        if (!nameSpace.empty() && !object.nameSpace().empty() && object.nameSpace() != nameSpace) {
            return failure(ErrorKind::BadRequest,
                           where + ": its namespace is " + object.nameSpace() + ", --namespace says " + nameSpace);
        }
        if (object.nameSpace().empty()) {
            object.metadata()["namespace"] = nameSpace.empty() ? "default" : nameSpace;
        }
        const ObjectKey key{kind->type, object.nameSpace(), object.name()};
        for (const Step& step : steps) {
            if (step.key == key) {
                return failure(ErrorKind::BadRequest, where + ": the same object stands in " + step.where,
                               "keep one of them");
            }
        }
        others.push_back(object);
        steps.push_back({key, std::move(object), std::move(where), {}});
    }
    for (const Step& step : steps) {
        if (auto admitted = api::admit(step.object, true, others); !admitted) {
            return failure(because(step.where, std::move(admitted.error())));
        }
    }
    return steps;
}

/// Paths below spec, data, labels and annotations whose values differ.
void differences(const json::Value* before, const json::Value* after, const std::string& path,
                 std::vector<std::string>& found) {
    static const json::Value nothing;
    const json::Value& old = before == nullptr ? nothing : *before;
    const json::Value& now = after == nullptr ? nothing : *after;
    if (old.is_object() && now.is_object()) {
        for (const auto& member : now.get_object()) {
            differences(json::find(old, member.key()), &member.value(), path + "." + std::string(member.key()), found);
        }
        for (const auto& member : old.get_object()) {
            if (json::find(now, member.key()) == nullptr) {
                found.push_back(path + "." + std::string(member.key()));
            }
        }
    } else if (old != now) {
        found.push_back(path);
    }
}

std::string whatChanged(const Step& step, const Object& after) {
    if (!step.before) {
        return "created";
    }
    if (step.before->resourceVersion() == after.resourceVersion()) {
        return "unchanged";
    }
    std::vector<std::string> fields;
    for (const char* part : {"spec", "data", "type", "metadata.labels", "metadata.annotations"}) {
        differences(step.before->at(part), after.at(part), part, fields);
    }
    std::string text;
    for (std::size_t i = 0; i < fields.size() && i < MaxFieldsShown; ++i) {
        text += (i == 0 ? " (" : ", ") + fields[i];
    }
    if (fields.size() > MaxFieldsShown) {
        text += ", and " + std::to_string(fields.size() - MaxFieldsShown) + " more";
    }
    return "configured" + text + (text.empty() ? "" : ")");
}

Result<void> applyAll(http::ApiClient& client, std::vector<Step>& steps, const ApplyCommandOptions& wanted, bool dryRun,
                      bool tell) {
    ApplyOptions options;
    options.fieldManager = ApplyManager;
    options.force = wanted.force;
    options.dryRun = dryRun;
    for (const Step& step : steps) {
        const auto after = client.apply(step.object, options);
        if (!after) {
            Error error = because(step.where, after.error());
            if (after.error().kind == ErrorKind::Conflict && after.error().hint.empty()) {
                error.hint = "give --force-conflicts to take those fields over";
            }
            return failure(std::move(error));
        }
        if (tell) {
            const std::string change = dryRun && step.before && step.before->content() == after->content()
                                           ? "unchanged"
                                           : whatChanged(step, *after);
            std::printf("%s/%s %s%s\n", step.key.type.kind.c_str(), step.key.name.c_str(), change.c_str(),
                        wanted.dryRun ? " (dry run)" : "");
        }
    }
    return {};
}

Result<ExitCode> runApply(const CommonOptions& common, const ApplyCommandOptions& wanted) {
    auto read = readObjectFiles(wanted.files);
    if (!read) {
        return failure(std::move(read.error()));
    }
    auto steps = checkHere(std::move(*read), wanted.nameSpace);
    if (!steps) {
        return failure(std::move(steps.error()));
    }
    auto client = connectToAgent(common);
    if (!client) {
        return failure(std::move(client.error()));
    }
    for (Step& step : *steps) {
        auto before = (*client)->get(step.key);
        if (before) {
            step.before = std::move(*before);
        } else if (before.error().kind != ErrorKind::NotFound) {
            return failure(std::move(before.error()));
        }
    }
    // The agent judges everything before anything is written.
    if (auto judged = applyAll(**client, *steps, wanted, true, wanted.dryRun); !judged) {
        return failure(std::move(judged.error()));
    }
    if (!wanted.dryRun) {
        if (auto applied = applyAll(**client, *steps, wanted, false, true); !applied) {
            return failure(std::move(applied.error()));
        }
    }
    return ExitCode::Holds;
}

void defineApply(CLI::App& app, const CommonOptions& common, const Bind& bind) {
    const auto options = std::make_shared<ApplyCommandOptions>();
    app.add_option("-f,--filename", options->files, "YAML or JSON files; - is stdin")->required();
    app.add_option("-n,--namespace", options->nameSpace, "Namespace of objects that name none (default: default)");
    app.add_flag("--dry-run", options->dryRun, "Check everything and say what would change; write nothing");
    app.add_flag("--force-conflicts", options->force, "Take over fields that somebody else has set");
    bind(app, [&common, options] { return runApply(common, *options); });
}

} // namespace

Command applyCommand() {
    return {"apply", "Create or change objects from files", defineApply};
}

} // namespace gatehouse::commands
