#include "agent/kubernetes_objects/KeySecret.h"

#include "core/crypto/Crypto.h"

#include <map>

namespace gatehouse::kubernetes_objects {
namespace {

/// Data and stringData of a Secret as data, sorted.
json::Object carriedData(const Object& secret) {
    std::map<std::string, json::Value> data;
    if (const json::Value* encoded = secret.at("data"); encoded != nullptr && encoded->is_object()) {
        for (const auto& entry : encoded->get_object()) {
            data[entry.key()] = entry.value();
        }
    }
    if (const json::Value* plain = secret.at("stringData"); plain != nullptr && plain->is_object()) {
        for (const auto& entry : plain->get_object()) {
            if (entry.value().is_string()) {
                data[entry.key()] = crypto::base64(std::string_view(entry.value().get_string()));
            }
        }
    }
    json::Object sorted;
    for (auto& [name, value] : data) {
        sorted[name] = std::move(value);
    }
    return sorted;
}

} // namespace

std::vector<json::Object> buildKeySecret(const Context& context, const PlannedModel& model) {
    const std::string name = model.name + "-api-keys";
    json::Object secret = objectOf(model, "v1", "Secret", name, Owned::No);
    secret["metadata"].as_object()["labels"].as_object()["llm.nebari.dev/model-name"] = model.name;
    secret["type"] = "Opaque";
    if (const Object* existing = findExisting(context, "Secret", model.nameSpace, name); existing != nullptr) {
        secret["type"] = existing->text("type", "Opaque");
        if (json::Object data = carriedData(*existing); !data.empty()) {
            secret["data"] = std::move(data);
        }
    }
    return {std::move(secret)};
}

} // namespace gatehouse::kubernetes_objects
