#include "agent/commands/RenderCommand.h"

#include "agent/kubernetes_objects/KubernetesObjects.h"
#include "agent/serving_plan/MakePlan.h"
#include "agent/settings/Settings.h"
#include "core/api/Admission.h"
#include "core/files/Files.h"
#include "core/logging/Log.h"
#include "core/object_store/KnownKinds.h"
#include "core/yaml/Yaml.h"

#include <cstdio>
#include <memory>

namespace gatehouse::commands {
namespace {

constexpr yaml::Limits ModelLimits{};
/// What a cluster holds may be a dump of a whole namespace.
constexpr yaml::Limits ExistingLimits{64U << 20, 64, 4'000'000, 100'000};

struct RenderOptions {
    std::vector<std::string> files;
    std::vector<std::string> existing;
    std::string settingsFile;
    std::string output = "yaml";
    bool shared = false;
};

/// An object and where it was read, for messages.
struct ReadObject {
    Object object;
    std::string where;
};

Error at(const std::string& where, Error error) {
    error.message = where + ": " + error.message;
    return error;
}

Result<void> collect(json::Value value, const std::string& where, std::vector<ReadObject>& objects) {
    if (json::text(value, "kind") == "List" && json::text(value, "apiVersion") == "v1") {
        const json::Value* items = json::find(value, "items");
        const json::Array* list = items == nullptr ? nullptr : items->if_array();
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            if (Result<void> read = collect((*list)[i], where + ", item " + std::to_string(i), objects); !read) {
                return read;
            }
        }
        return {};
    }
    Result<Object> object = Object::from(std::move(value));
    if (!object) {
        return failure(at(where, object.error()));
    }
    const std::string name = object->kind() + " " + object->name();
    objects.push_back({std::move(*object), where + " (" + name + ")"});
    return {};
}

Result<std::vector<ReadObject>> readObjects(const std::vector<std::string>& paths, const yaml::Limits& limits) {
    std::vector<ReadObject> objects;
    for (const std::string& path : paths) {
        const Result<std::string> text = files::read(path, limits.bytes);
        if (!text) {
            return failure(text.error());
        }
        Result<std::vector<yaml::Document>> documents = yaml::readAll(*text, limits);
        if (!documents) {
            return failure(at(path, documents.error()));
        }
        for (yaml::Document& document : *documents) {
            const std::string where = path + ":" + std::to_string(document.line);
            if (Result<void> read = collect(std::move(document.value), where, objects); !read) {
                return failure(read.error());
            }
        }
    }
    return objects;
}

bool isModel(const Object& object) {
    const KnownKind* kind = findKind(object.apiVersion(), object.kind());
    return kind != nullptr && (kind->type == kinds::LLMModel || kind->type == kinds::PassthroughModel);
}

bool isSameObject(const Object& a, const Object& b) {
    const auto nameSpace = [](const Object& o) {
        return o.nameSpace().empty() ? std::string("default") : o.nameSpace();
    };
    return a.kind() == b.kind() && a.name() == b.name() && nameSpace(a) == nameSpace(b);
}

/// The models, each with the defaults of its schema; every rule holds.
Result<std::vector<Object>> admitModels(std::vector<ReadObject> read) {
    std::vector<Object> models;
    for (ReadObject& entry : read) {
        if (!isModel(entry.object) && findKind(entry.object.apiVersion(), entry.object.kind()) != nullptr) {
            log::warning("not a model, left out", {{"object", entry.where}});
            continue;
        }
        for (const Object& other : models) {
            if (isSameObject(other, entry.object)) {
                return failure(at(entry.where, makeError(ErrorKind::AlreadyExists,
                                                         "the object stands in the input twice", "remove one")));
            }
        }
        api::Review reviewed = api::review(std::move(entry.object), api::Unknown::Refuse, models);
        if (!reviewed.accepted()) {
            return failure(at(entry.where, api::combine(reviewed.errors)));
        }
        for (const std::string& warning : reviewed.warnings) {
            log::warning("accepted, but", {{"object", entry.where}, {"warning", warning}});
        }
        models.push_back(std::move(reviewed.object));
    }
    if (models.empty()) {
        return failure(ErrorKind::Invalid, "the input holds no LLMModel and no PassthroughModel",
                       "name a file with at least one");
    }
    return models;
}

/// A model that is not in the plan is an error; one that is only partly there, a warning.
Result<void> judge(const serving_plan::ServingPlan& plan) {
    for (const serving_plan::Condition& condition : plan.conditions) {
        const std::string model = condition.nameSpace + "/" + condition.model;
        if (condition.type == "Planned") {
            return failure(ErrorKind::Invalid, "model " + model + ": " + condition.message);
        }
        log::warning("only partly rendered", {{"model", model}, {"reason", condition.message}});
    }
    return {};
}

void print(const std::vector<Object>& objects, const std::string& form) {
    std::string text;
    if (form == "json") {
        json::Array items;
        for (const Object& object : objects) {
            items.push_back(object.value());
        }
        text = json::pretty(json::Object{{"apiVersion", "v1"}, {"kind", "List"}, {"items", std::move(items)}});
    } else {
        for (const Object& object : objects) {
            text += (text.empty() ? "" : "---\n") + yaml::write(object.value());
        }
    }
    std::fwrite(text.data(), 1, text.size(), stdout);
}

Result<ExitCode> render(const RenderOptions& options) {
    Result<settings::Settings> settings = options.settingsFile.empty()
                                              ? settings::settingsFrom(settings::environment())
                                              : settings::settingsFromFile(options.settingsFile);
    if (!settings) {
        return failure(settings.error());
    }
    Result<std::vector<ReadObject>> read = readObjects(options.files, ModelLimits);
    if (!read) {
        return failure(read.error());
    }
    Result<std::vector<Object>> models = admitModels(std::move(*read));
    if (!models) {
        return failure(models.error());
    }
    const Result<std::vector<ReadObject>> present = readObjects(options.existing, ExistingLimits);
    if (!present) {
        return failure(present.error());
    }
    std::vector<Object> existing;
    for (const ReadObject& entry : *present) {
        existing.push_back(entry.object);
    }
    std::vector<Object> inputs = *models;
    for (const Object& object : existing) {
        if (object.kind() == "Secret") {
            inputs.push_back(object);
        }
    }
    const serving_plan::ServingPlan plan =
        serving_plan::makePlan(serving_plan::inputsFrom(serving_plan::Target::Cluster, inputs, *settings));
    if (Result<void> judged = judge(plan); !judged) {
        return failure(judged.error());
    }
    print(kubernetes_objects::kubernetesObjects(plan, *settings, {existing, options.shared}), options.output);
    return ExitCode::Holds;
}

void defineRender(CLI::App& app, const CommonOptions&, const Bind& bind) {
    const auto options = std::make_shared<RenderOptions>();
    app.add_option("-f,--filename", options->files, "Files with LLMModels and PassthroughModels")->required();
    app.add_option("--existing", options->existing,
                   "Files with objects the cluster already holds: key Secrets, key metadata, Gateways");
    app.add_option("--settings", options->settingsFile,
                   "File of NAME=value lines with the operator's variables; the environment when not given");
    app.add_option("-o,--output", options->output, "yaml or json")
        ->check(CLI::IsMember({"yaml", "json"}))
        ->capture_default_str();
    app.add_flag("--with-shared", options->shared,
                 "Also what all models share: certificate, listeners, deny-by-default policies");
    bind(app, [options] { return render(*options); });
}

} // namespace

Command renderCommand() {
    return {"render", "Print the Kubernetes objects that models stand for, without a cluster", defineRender};
}

} // namespace gatehouse::commands
