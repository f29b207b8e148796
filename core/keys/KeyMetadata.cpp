#include "core/keys/KeyMetadata.h"

#include "core/keys/KeyNames.h"

namespace gatehouse::keys {

bool KeyMetadata::isExpired(TimePoint now) const {
    if (expiresAt.empty()) {
        return false;
    }
    const auto end = parseRfc3339(expiresAt);
    return !end || *end <= now;
}

std::string toText(const KeyMetadata& metadata) {
    json::Object text;
    text["clientId"] = metadata.clientId;
    text["creator"] = metadata.creator;
    text["description"] = metadata.description;
    text["createdAt"] = metadata.createdAt;
    text["modelName"] = metadata.modelName;
    text["namespace"] = metadata.nameSpace;
    const auto optional = [&](const char* name, const std::string& value) {
        if (!value.empty()) {
            text[name] = value;
        }
    };
    optional("expiresAt", metadata.expiresAt);
    optional("tenant", metadata.tenant);
    optional("replacedBy", metadata.replacedBy);
    return json::compact(text);
}

Result<KeyMetadata> metadataOf(const Object& configMap, std::string_view clientId) {
    const std::string where =
        "key metadata " + configMap.nameSpace() + "/" + configMap.name() + ", entry " + std::string(clientId);
    const json::Value* data = configMap.at("data");
    const json::Value* entry = data == nullptr ? nullptr : json::find(*data, clientId);
    if (entry == nullptr) {
        return failure(ErrorKind::NotFound, where + ": not there");
    }
    if (!entry->is_string()) {
        return failure(ErrorKind::Invalid, where + ": not a string");
    }
    auto value = json::parse(std::string_view(entry->get_string()), {.bytes = 16U << 10, .depth = 4});
    if (!value) {
        return failure(because(where + " cannot be read", value.error()));
    }
    KeyMetadata metadata;
    const std::pair<const char*, std::string*> members[] = {
        {"clientId", &metadata.clientId},   {"creator", &metadata.creator},     {"description", &metadata.description},
        {"createdAt", &metadata.createdAt}, {"modelName", &metadata.modelName}, {"namespace", &metadata.nameSpace},
        {"expiresAt", &metadata.expiresAt}, {"tenant", &metadata.tenant},       {"replacedBy", &metadata.replacedBy}};
    for (const auto& [name, target] : members) {
        const json::Value* member = json::find(*value, name);
        if (member != nullptr && !member->is_string()) {
            return failure(ErrorKind::Invalid, where + ": " + name + " is not a string");
        }
        *target = member == nullptr ? std::string() : std::string(member->get_string());
    }
    if (metadata.clientId != clientId || metadata.modelName != modelOfMetadataName(configMap.name()) ||
        metadata.nameSpace != configMap.nameSpace() || metadata.creator.empty()) {
        return failure(ErrorKind::Invalid, where + ": it does not describe this key",
                       "revoke the key and mint a new one");
    }
    if (metadata.tenant.empty()) {
        metadata.tenant = metadata.creator;
    }
    return metadata;
}

} // namespace gatehouse::keys
