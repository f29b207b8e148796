#include "agent/serving_plan/MakePlan.h"
#include "core/api/Validation.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>

namespace gatehouse::serving_plan {
namespace {

constexpr const char* KeySecretSuffix = "-api-keys";
constexpr const char* ManagedBy = "app.kubernetes.io/managed-by";
constexpr const char* Manager = "nebari-llm-operator";

std::string namespaceOf(const Object& object) {
    return object.nameSpace().empty() ? "default" : object.nameSpace();
}

bool is(const Object& object, const ResourceType& type) {
    return object.kind() == type.kind && object.apiVersion() == type.apiVersion();
}

KeySecret keySecretFrom(const Object& secret) {
    KeySecret keys;
    keys.nameSpace = namespaceOf(secret);
    keys.name = secret.name();
    keys.ours = secret.label(ManagedBy) == Manager;
    for (const char* part : {"data", "stringData"}) {
        const json::Value* entries = secret.at(part);
        if (entries == nullptr || !entries->is_object()) {
            continue;
        }
        for (const auto& entry : entries->get_object()) {
            keys.clientIds.emplace_back(entry.key());
            keys.hasEmptyValue = keys.hasEmptyValue || !entry.value().is_string() || entry.value().get_string().empty();
        }
    }
    std::sort(keys.clientIds.begin(), keys.clientIds.end());
    keys.clientIds.erase(std::unique(keys.clientIds.begin(), keys.clientIds.end()), keys.clientIds.end());
    return keys;
}

template <typename Model>
void add(const Object& object, std::vector<Model>& models, std::vector<Condition>& unreadable) {
    Result<Model> model = Model::from(object);
    if (model) {
        models.push_back(std::move(*model));
    } else {
        unreadable.push_back(
            {namespaceOf(object), object.name(), "Planned", false, "Unreadable", model.error().describe()});
    }
}

} // namespace

Inputs inputsFrom(Target target, std::span<const Object> objects, settings::Settings settings) {
    Inputs inputs;
    inputs.target = target;
    inputs.settings = std::move(settings);
    for (const Object& object : objects) {
        if (is(object, kinds::LLMModel)) {
            add(object, inputs.models, inputs.unreadable);
        } else if (is(object, kinds::PassthroughModel)) {
            add(object, inputs.passthroughs, inputs.unreadable);
        } else if (is(object, kinds::Secret) && object.name().ends_with(KeySecretSuffix)) {
            inputs.keySecrets.push_back(keySecretFrom(object));
        }
    }
    return inputs;
}

} // namespace gatehouse::serving_plan
