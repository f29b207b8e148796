#include "core/keys/KeyManager.h"

#include "core/crypto/Crypto.h"
#include "core/keys/KeyObjects.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace gatehouse::keys {
namespace {

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Result<void> checkRequest(const MintRequest& request) {
    const auto invalid = [](const char* field, const std::string& message, const char* hint) {
        Error error = makeError(ErrorKind::Invalid, message, hint);
        error.field = field;
        return failure(std::move(error));
    };
    // What goes into the metadata must be readable JSON, also when it came over a command line.
    for (const auto& [field, text] : {std::pair<const char*, const std::string&>{"spec.owner", request.owner},
                                      {"spec.description", request.description},
                                      {"spec.tenant", request.tenant}}) {
        if (!json::parse(json::compact(json::Value(std::string_view(text))))) {
            return invalid(field, std::string(field) + " is not valid UTF-8", "use UTF-8 text");
        }
    }
    if (request.owner.empty()) {
        return invalid("spec.owner", "a key needs an owner", "say whose key it is");
    }
    if (request.owner.size() > OwnerLimit || request.tenant.size() > OwnerLimit) {
        return invalid("spec.owner", "the owner or tenant is longer than " + std::to_string(OwnerLimit) + " bytes",
                       "use a shorter name");
    }
    if (characters(request.description) > DescriptionLimit) {
        return invalid("spec.description",
                       "the description is longer than " + std::to_string(DescriptionLimit) + " characters",
                       "shorten it");
    }
    if (request.lifetime && request.lifetime->count() <= 0) {
        return invalid("spec.expires", "the lifetime of a key must be positive", "use for example 30d");
    }
    return {};
}

/// The next number for this prefix: more than how many there are, and free in both objects.
std::string nextClientId(const std::string& prefix, const json::Object& digests, const json::Object& metadata) {
    const auto own = [&](const auto& member) { return std::string_view(member.key()).starts_with(prefix); };
    auto number = static_cast<std::size_t>(std::count_if(digests.begin(), digests.end(), own));
    std::string id;
    do {
        id = prefix + std::to_string(++number);
    } while (digests.contains(id) || metadata.contains(id));
    return id;
}

std::size_t keysOf(const std::string& prefix, const json::Object& digests, const json::Object& metadata) {
    std::set<std::string> ids;
    for (const json::Object* object : {&digests, &metadata}) {
        for (const auto& member : *object) {
            if (std::string_view(member.key()).starts_with(prefix)) {
                ids.emplace(member.key());
            }
        }
    }
    return ids.size();
}

/// A key with everything but its client id.
MintedKey newKey(const MintRequest& request, TimePoint now) {
    MintedKey minted{.metadata = {.creator = request.owner,
                                  .description = request.description,
                                  .createdAt = toRfc3339(now),
                                  .modelName = request.modelName,
                                  .nameSpace = request.nameSpace,
                                  .tenant = request.tenant.empty() ? request.owner : request.tenant},
                     .value = newKeyValue()};
    if (request.lifetime) {
        minted.metadata.expiresAt = toRfc3339(now + *request.lifetime);
    }
    return minted;
}

} // namespace

KeyManager::KeyManager(ObjectStore& store, const Clock& clock) : m_store(store), m_clock(clock) {}

Result<MintedKey> KeyManager::mint(const MintRequest& request) {
    if (auto checked = checkRequest(request); !checked) {
        return failure(checked.error());
    }
    auto pair = read(request.nameSpace, request.modelName);
    if (!pair) {
        return failure(pair.error());
    }
    MintedKey minted = newKey(request, m_clock.now());
    KeyMetadata& metadata = minted.metadata;
    const std::string prefix = clientIdPrefix(request.owner, request.modelName);
    const ObjectKey secretKey{kinds::Secret, request.nameSpace, secretNameOf(request.modelName)};
    const ObjectKey metadataKey{kinds::ConfigMap, request.nameSpace, metadataNameOf(request.modelName)};
    // The metadata entry reserves the client id: two mints at once conflict here and one picks the next number.
    auto reserved = edit(metadataKey, [&](json::Object& data) -> Result<bool> {
        auto secret = m_store.get(secretKey);
        if (!secret) {
            return failure(secret.error());
        }
        if (keysOf(prefix, dataOf(*secret), data) >= KeysPerOwnerLimit) {
            return failure(ErrorKind::TooLarge,
                           request.owner + " has " + std::to_string(KeysPerOwnerLimit) + " keys for " +
                               modelText(request.nameSpace, request.modelName) + " already",
                           "revoke keys that are no longer used");
        }
        metadata.clientId = nextClientId(prefix, dataOf(*secret), data);
        data[metadata.clientId] = toText(metadata);
        return true;
    });
    if (!reserved) {
        return failure(
            because("no key was minted for " + modelText(request.nameSpace, request.modelName), reserved.error()));
    }
    auto stored = edit(secretKey, [&](json::Object& data) -> Result<bool> {
        auto configMap = m_store.get(metadataKey);
        if (!configMap) {
            return failure(configMap.error());
        }
        if (!dataOf(*configMap).contains(metadata.clientId)) {
            return failure(ErrorKind::Conflict, "its metadata was removed meanwhile", "try again");
        }
        data[metadata.clientId] = crypto::base64(digestText(minted.value.reveal()));
        return true;
    });
    if (!stored) {
        // Best effort, digest first: the write may have happened although its answer was lost. What stays behind is
        // listed, or opens nothing and goes with the next sweep.
        (void)dropKey(metadata);
        return failure(
            because("no key was minted for " + modelText(request.nameSpace, request.modelName), stored.error()));
    }
    return minted;
}

Result<std::vector<KeyMetadata>> KeyManager::list(const std::string& nameSpace) {
    const auto pairs = readAll(nameSpace);
    if (!pairs) {
        return failure(pairs.error());
    }
    std::vector<KeyMetadata> keys;
    for (const Pair& pair : *pairs) {
        for (const auto& member : dataOf(pair.configMap)) {
            const std::string clientId(member.key());
            auto metadata = pair.isListed(clientId) ? metadataOf(pair.configMap, clientId)
                                                    : Result<KeyMetadata>(failure(ErrorKind::NotFound, clientId));
            if (metadata) {
                keys.push_back(std::move(*metadata));
            }
        }
    }
    std::sort(keys.begin(), keys.end(), [](const KeyMetadata& a, const KeyMetadata& b) {
        return std::tie(a.nameSpace, a.modelName, a.clientId) < std::tie(b.nameSpace, b.modelName, b.clientId);
    });
    return keys;
}

Result<KeyMetadata> KeyManager::findKey(const std::string& nameSpace, const std::string& clientId) {
    const auto pairs = readAll(nameSpace);
    if (!pairs) {
        return failure(pairs.error());
    }
    std::optional<KeyMetadata> found;
    for (const Pair& pair : *pairs) {
        if (!pair.isListed(clientId)) {
            continue;
        }
        if (found) {
            return failure(ErrorKind::Conflict, "client id " + clientId + " stands for keys of several models",
                           "give the namespace");
        }
        // A digest without readable metadata can be revoked all the same.
        auto metadata = metadataOf(pair.configMap, clientId);
        found = metadata ? std::move(*metadata)
                         : KeyMetadata{.clientId = clientId, .modelName = pair.modelName, .nameSpace = pair.nameSpace};
    }
    return found ? Result<KeyMetadata>(std::move(*found))
                 : failure(ErrorKind::NotFound,
                           "there is no key " + clientId + (nameSpace.empty() ? "" : " in namespace " + nameSpace),
                           "list the keys to see their ids");
}

Result<void> KeyManager::dropKey(const KeyMetadata& metadata) {
    const auto erase = [&](json::Object& data) -> Result<bool> { return data.erase(metadata.clientId) != 0; };
    auto gone = edit({kinds::Secret, metadata.nameSpace, secretNameOf(metadata.modelName)}, erase);
    if (!gone && gone.error().kind != ErrorKind::NotFound) {
        return gone;
    }
    gone = edit({kinds::ConfigMap, metadata.nameSpace, metadataNameOf(metadata.modelName)}, erase);
    return gone || gone.error().kind == ErrorKind::NotFound ? Result<void>() : gone;
}

Result<KeyMetadata> KeyManager::revoke(const std::string& nameSpace, const std::string& clientId) {
    auto metadata = findKey(nameSpace, clientId);
    if (!metadata) {
        return metadata;
    }
    bool wasThere = false;
    auto gone = edit({kinds::Secret, metadata->nameSpace, secretNameOf(metadata->modelName)},
                     [&](json::Object& data) -> Result<bool> {
                         wasThere = data.erase(clientId) != 0;
                         return wasThere;
                     });
    if (!gone) {
        return failure(because("key " + clientId + " was not revoked", gone.error()));
    }
    if (!wasThere) {
        return failure(ErrorKind::NotFound, "key " + clientId + " has been revoked already");
    }
    // The key no longer works. Metadata that stays behind when this fails goes with the next sweep.
    (void)dropKey(*metadata);
    return metadata;
}

Result<MintedKey> KeyManager::rotate(const std::string& nameSpace, const std::string& clientId,
                                     std::chrono::seconds grace, const InForce& inForce) {
    auto old = findKey(nameSpace, clientId);
    if (!old) {
        return failure(old.error());
    }
    if (grace.count() < 0) {
        return failure(ErrorKind::Invalid, "the grace of a rotation cannot be negative", "use for example 1h");
    }
    if (old->creator.empty()) {
        return failure(ErrorKind::Invalid, "key " + clientId + " has no readable metadata and cannot be rotated",
                       "revoke it and mint a new one");
    }
    const auto rotated = [&](const std::string& successor) {
        return failure(ErrorKind::Conflict, "key " + clientId + " has been rotated already",
                       "rotate " + successor + " instead");
    };
    if (!old->replacedBy.empty()) {
        return rotated(old->replacedBy);
    }
    if (old->isExpired(m_clock.now())) {
        return failure(ErrorKind::Invalid, "key " + clientId + " has expired", "mint a new one");
    }
    MintRequest request{old->nameSpace, old->modelName, old->creator, old->description, old->tenant, {}};
    const auto created = parseRfc3339(old->createdAt);
    const auto end = parseRfc3339(old->expiresAt);
    if (created && end && *end > *created) {
        request.lifetime = std::chrono::duration_cast<std::chrono::seconds>(*end - *created);
    } else if (end) {
        request.lifetime =
            std::max(std::chrono::seconds(1), std::chrono::duration_cast<std::chrono::seconds>(*end - m_clock.now()));
    }
    auto fresh = mint(request);
    if (!fresh) {
        return fresh;
    }
    if (const auto works = inForce ? inForce(*fresh) : Result<void>(); !works) {
        (void)dropKey(fresh->metadata);
        return failure(works.error());
    }
    if (grace.count() == 0) {
        auto revoked = revoke(old->nameSpace, clientId);
        if (!revoked && revoked.error().kind != ErrorKind::NotFound) {
            (void)dropKey(fresh->metadata);
            return failure(because("key " + clientId + " was not rotated", revoked.error()));
        }
        return fresh;
    }
    const TimePoint last = m_clock.now() + grace;
    std::string successor;
    auto marked = edit({kinds::ConfigMap, old->nameSpace, metadataNameOf(old->modelName)},
                       [&](json::Object& data) -> Result<bool> {
                           Object configMap;
                           configMap.metadata()["name"] = metadataNameOf(old->modelName);
                           configMap.metadata()["namespace"] = old->nameSpace;
                           configMap.content()["data"] = data;
                           auto current = metadataOf(configMap, clientId);
                           if (!current) {
                               return failure(current.error());
                           }
                           if (!current->replacedBy.empty()) {
                               successor = current->replacedBy;
                               return failure(ErrorKind::Conflict, "rotated meanwhile");
                           }
                           const auto ownEnd = parseRfc3339(current->expiresAt);
                           current->expiresAt = toRfc3339(ownEnd && *ownEnd < last ? *ownEnd : last);
                           current->replacedBy = fresh->metadata.clientId;
                           data[clientId] = toText(*current);
                           return true;
                       });
    if (!marked) {
        (void)dropKey(fresh->metadata);
        return successor.empty() ? failure(because("key " + clientId + " was not rotated", marked.error()))
                                 : rotated(successor);
    }
    return fresh;
}

} // namespace gatehouse::keys
