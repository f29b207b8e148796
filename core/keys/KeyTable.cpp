#include "core/keys/KeyTable.h"

#include "core/keys/KeyMetadata.h"
#include "core/keys/KeyNames.h"

#include <algorithm>
#include <set>
#include <utility>

namespace gatehouse::keys {
namespace {

using Place = std::pair<std::string, std::string>; ///< namespace, model CR name

Result<crypto::Sha256> digestOf(const json::Value& value) {
    constexpr std::string_view prefix = "sha256:";
    if (!value.is_string()) {
        return failure(ErrorKind::Invalid, "not a string");
    }
    auto text = crypto::fromBase64(std::string_view(value.get_string()));
    if (!text || !text->starts_with(prefix)) {
        return failure(ErrorKind::Invalid, "not the SHA-256 of a key");
    }
    return crypto::sha256FromHex(std::string_view(*text).substr(prefix.size()));
}

Result<KeyEntry> entryOf(const Object* configMap, const std::string& clientId) {
    if (configMap == nullptr) {
        return failure(ErrorKind::NotFound, "there is no metadata for it");
    }
    auto metadata = metadataOf(*configMap, clientId);
    if (!metadata) {
        return failure(metadata.error());
    }
    KeyEntry entry{.clientId = metadata->clientId,
                   .owner = metadata->creator,
                   .tenant = metadata->tenant,
                   .nameSpace = metadata->nameSpace,
                   .modelName = metadata->modelName};
    if (!metadata->expiresAt.empty()) {
        const auto end = parseRfc3339(metadata->expiresAt);
        if (!end) {
            return failure(end.error());
        }
        entry.expiresAt = *end;
    }
    return entry;
}

} // namespace

KeyTable KeyTable::from(const std::vector<Object>& secrets, const std::vector<Object>& metadata) {
    std::map<Place, const Object*> described;
    for (const Object& configMap : metadata) {
        const std::string model = modelOfMetadataName(configMap.name());
        if (!model.empty() && !configMap.isBeingDeleted()) {
            described[{configMap.nameSpace(), model}] = &configMap;
        }
    }
    KeyTable table;
    std::map<crypto::Sha256, std::string> seen; ///< also of entries that are refused for another reason
    std::set<crypto::Sha256> doubled;
    for (const Object& secret : secrets) {
        const std::string model = modelOfSecretName(secret.name());
        const json::Value* data = secret.at("data");
        if (model.empty() || secret.isBeingDeleted() || data == nullptr || !data->is_object()) {
            continue;
        }
        const auto found = described.find({secret.nameSpace(), model});
        const Object* configMap = found == described.end() ? nullptr : found->second;
        for (const auto& member : data->get_object()) {
            const std::string clientId(member.key());
            if (clientId == DummyClientId) {
                continue;
            }
            const std::string where = "key " + clientId + " of model " + secret.nameSpace() + "/" + model;
            const auto digest = digestOf(member.value());
            if (!digest) {
                table.m_problems.push_back(where + " does not work: " + digest.error().describe());
                continue;
            }
            if (const auto [first, isNew] = seen.try_emplace(*digest, where); !isNew) {
                doubled.insert(*digest);
                table.m_problems.push_back(where + " has the same value as " + first->second +
                                           ", so neither works; revoke both and mint new ones");
                continue;
            }
            const auto entry = entryOf(configMap, clientId);
            if (!entry) {
                table.m_problems.push_back(where + " does not work: " + entry.error().describe());
                continue;
            }
            table.m_entries.emplace(*digest, *entry);
        }
    }
    for (const crypto::Sha256& digest : doubled) {
        table.m_entries.erase(digest);
    }
    return table;
}

KeyTable KeyTable::with(const std::vector<std::pair<crypto::Sha256, KeyEntry>>& extra) const {
    KeyTable table = *this;
    std::set<crypto::Sha256> doubled;
    for (const auto& [digest, entry] : extra) {
        if (!table.m_entries.emplace(digest, entry).second) {
            doubled.insert(digest);
            table.m_problems.push_back("key " + entry.clientId + " has the value of another key; neither works");
        }
    }
    for (const crypto::Sha256& digest : doubled) {
        table.m_entries.erase(digest);
    }
    return table;
}

const KeyEntry* KeyTable::find(std::string_view value, TimePoint now) const {
    const KeyEntry* entry = findDigest(crypto::sha256(value));
    return entry == nullptr || entry->isExpired(now) ? nullptr : entry;
}

const KeyEntry* KeyTable::findDigest(const crypto::Sha256& digest) const {
    const auto found = m_entries.find(digest);
    return found == m_entries.end() || !crypto::equal(found->first, digest) ? nullptr : &found->second;
}

bool KeyTable::contains(std::string_view nameSpace, std::string_view modelName, std::string_view clientId) const {
    return std::any_of(m_entries.begin(), m_entries.end(), [&](const auto& item) {
        const KeyEntry& entry = item.second;
        return entry.nameSpace == nameSpace && entry.modelName == modelName && entry.clientId == clientId;
    });
}

} // namespace gatehouse::keys
