#include "agent/kubernetes_objects/KeyMetadata.h"

namespace gatehouse::kubernetes_objects {

std::vector<json::Object> buildKeyMetadata(const Context& context, const PlannedModel& model) {
    const std::string name = model.name + "-api-key-metadata";
    json::Object configMap = objectOf(model, "v1", "ConfigMap", name, Owned::No);
    configMap["metadata"].as_object()["labels"].as_object()["llm.nebari.dev/model-name"] = model.name;
    if (const Object* existing = findExisting(context, "ConfigMap", model.nameSpace, name); existing != nullptr) {
        if (const json::Value* data = existing->at("data"); data != nullptr && data->is_object()) {
            configMap["data"] = *data;
        }
    }
    return {std::move(configMap)};
}

} // namespace gatehouse::kubernetes_objects
