#include "core/keys/KeyManager.h"

#include "core/crypto/Crypto.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace gatehouse::keys {
namespace {

constexpr int Attempts = 32;
constexpr std::chrono::seconds SweepAge{60};

const json::Object& dataOf(const Object& object) {
    static const json::Object none;
    const json::Value* data = object.at("data");
    return data != nullptr && data->is_object() ? data->get_object() : none;
}

std::string modelText(const std::string& nameSpace, const std::string& modelName) {
    return "model " + nameSpace + "/" + modelName;
}

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

} // namespace

/// The two objects of one model as they were read.
struct KeyManager::Pair {
    std::string nameSpace;
    std::string modelName;
    Object secret;
    Object configMap;

    /// A key that was minted completely: its digest and its metadata are there.
    [[nodiscard]] bool isListed(const std::string& clientId) const {
        return clientId != DummyClientId && dataOf(secret).contains(clientId);
    }
};

KeyManager::KeyManager(ObjectStore& store, const Clock& clock) : m_store(store), m_clock(clock) {}

Result<Object> KeyManager::ensure(const ResourceType& type, const std::string& nameSpace,
                                  const std::string& modelName) {
    const bool isSecret = type == kinds::Secret;
    const ObjectKey key{type, nameSpace, isSecret ? secretNameOf(modelName) : metadataNameOf(modelName)};
    auto found = m_store.get(key);
    if (found || found.error().kind != ErrorKind::NotFound) {
        return found;
    }
    const char* labelName = nullptr;
    for (const auto& [model, name] : {std::pair<const ResourceType&, const char*>{kinds::LLMModel, "llmmodel"},
                                      {kinds::PassthroughModel, "passthroughmodel"}}) {
        auto owner = m_store.get({model, nameSpace, modelName});
        if (owner && !owner->isBeingDeleted() && labelName == nullptr) {
            labelName = name;
        }
        if (!owner && owner.error().kind != ErrorKind::NotFound) {
            return failure(owner.error());
        }
    }
    if (labelName == nullptr) {
        return failure(ErrorKind::NotFound, "there is no " + modelText(nameSpace, modelName) + " to mint a key for",
                       "apply the model first, or check its name and namespace");
    }
    json::Object content;
    content["apiVersion"] = type.apiVersion();
    content["kind"] = type.kind;
    content["metadata"] = {{"name", key.name},
                           {"namespace", nameSpace},
                           {"labels",
                            {{"app.kubernetes.io/managed-by", "nebari-llm-operator"},
                             {"app.kubernetes.io/instance", modelName},
                             {"app.kubernetes.io/name", labelName},
                             {"llm.nebari.dev/model", modelName},
                             {ModelNameLabel, modelName}}}};
    if (isSecret) {
        content["type"] = "Opaque";
    }
    auto made = m_store.create(Object(std::move(content)));
    return made || made.error().kind != ErrorKind::AlreadyExists ? made : m_store.get(key);
}

Result<KeyManager::Pair> KeyManager::read(const std::string& nameSpace, const std::string& modelName) {
    auto secret = ensure(kinds::Secret, nameSpace, modelName);
    if (!secret) {
        return failure(secret.error());
    }
    auto configMap = ensure(kinds::ConfigMap, nameSpace, modelName);
    if (!configMap) {
        return failure(configMap.error());
    }
    return Pair{nameSpace, modelName, std::move(*secret), std::move(*configMap)};
}

Result<std::vector<KeyManager::Pair>> KeyManager::readAll(const std::string& nameSpace) {
    // Metadata first: a key minted in between is then left out, not shown without its digest.
    auto configMaps = m_store.list(kinds::ConfigMap, {.nameSpace = nameSpace});
    if (!configMaps) {
        return failure(configMaps.error());
    }
    auto secrets = m_store.list(kinds::Secret, {.nameSpace = nameSpace});
    if (!secrets) {
        return failure(secrets.error());
    }
    std::map<std::pair<std::string, std::string>, Pair> pairs;
    const auto pairOf = [&](const Object& object, const std::string& model) -> Pair& {
        Pair& pair = pairs[{object.nameSpace(), model}];
        pair.nameSpace = object.nameSpace();
        pair.modelName = model;
        return pair;
    };
    for (Object& object : configMaps->items) {
        if (const std::string model = modelOfMetadataName(object.name()); !model.empty()) {
            pairOf(object, model).configMap = std::move(object);
        }
    }
    for (Object& object : secrets->items) {
        if (const std::string model = modelOfSecretName(object.name()); !model.empty()) {
            pairOf(object, model).secret = std::move(object);
        }
    }
    std::vector<Pair> all;
    for (auto& item : pairs) {
        all.push_back(std::move(item.second));
    }
    return all;
}

Result<void> KeyManager::edit(const ObjectKey& key, const Edit& change) {
    Error last;
    for (int attempt = 0; attempt < Attempts; ++attempt) {
        auto object = m_store.get(key);
        if (!object) {
            return failure(object.error());
        }
        const auto changed = change(json::objectAt(object->content(), "data"));
        if (!changed) {
            return failure(changed.error());
        }
        if (!*changed) {
            return {};
        }
        auto written = m_store.update(*object);
        if (written) {
            return {};
        }
        if (written.error().kind != ErrorKind::Conflict) {
            return failure(written.error());
        }
        last = written.error();
    }
    return failure(because(key.describe() + " is being changed by others all the time", std::move(last)));
}

Result<MintedKey> KeyManager::mint(const MintRequest& request) {
    if (auto checked = checkRequest(request); !checked) {
        return failure(checked.error());
    }
    auto pair = read(request.nameSpace, request.modelName);
    if (!pair) {
        return failure(pair.error());
    }
    MintedKey minted{.metadata = {.creator = request.owner,
                                  .description = request.description,
                                  .createdAt = toRfc3339(m_clock.now()),
                                  .modelName = request.modelName,
                                  .nameSpace = request.nameSpace,
                                  .tenant = request.tenant.empty() ? request.owner : request.tenant},
                     .value = newKeyValue()};
    KeyMetadata& metadata = minted.metadata;
    if (request.lifetime) {
        metadata.expiresAt = toRfc3339(m_clock.now() + *request.lifetime);
    }
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
        // Best effort: an entry that stays behind opens nothing and goes with the next sweep.
        (void)edit(metadataKey, [&](json::Object& data) -> Result<bool> { return data.erase(metadata.clientId) != 0; });
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
                                     std::chrono::seconds grace) {
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

Result<std::size_t> KeyManager::sweep() {
    const auto pairs = readAll({});
    if (!pairs) {
        return failure(pairs.error());
    }
    std::size_t count = 0;
    for (const Pair& pair : *pairs) {
        const auto swept = sweepModel(pair);
        if (!swept) {
            return failure(swept.error());
        }
        count += *swept;
    }
    return count;
}

Result<std::size_t> KeyManager::sweepModel(const Pair& pair) {
    const ObjectKey secretKey{kinds::Secret, pair.nameSpace, secretNameOf(pair.modelName)};
    const ObjectKey metadataKey{kinds::ConfigMap, pair.nameSpace, metadataNameOf(pair.modelName)};
    const TimePoint now = m_clock.now();
    std::set<std::string> swept;
    // Each object is decided on by what the other says after it was read: a key that is being minted or revoked in
    // these moments is seen as what it is, or the write conflicts and is repeated.
    auto done = edit(secretKey, [&](json::Object& data) -> Result<bool> {
        auto configMap = m_store.get(metadataKey);
        if (!configMap && configMap.error().kind != ErrorKind::NotFound) {
            return failure(configMap.error());
        }
        swept.clear();
        for (const auto& member : data) {
            const std::string clientId(member.key());
            const bool isListed = configMap && dataOf(*configMap).contains(clientId);
            const auto metadata = isListed ? metadataOf(*configMap, clientId) : Result<KeyMetadata>(KeyMetadata());
            if (clientId != DummyClientId && (!isListed || (metadata && metadata->isExpired(now)))) {
                swept.insert(clientId);
            }
        }
        std::for_each(swept.begin(), swept.end(), [&](const std::string& clientId) { data.erase(clientId); });
        return !swept.empty();
    });
    if (!done && done.error().kind != ErrorKind::NotFound) {
        return failure(done.error());
    }
    const std::set<std::string> digests = swept;
    done = edit(metadataKey, [&](json::Object& data) -> Result<bool> {
        auto secret = m_store.get(secretKey);
        if (!secret && secret.error().kind != ErrorKind::NotFound) {
            return failure(secret.error());
        }
        Object configMap;
        configMap.content()["metadata"] = {{"name", metadataKey.name}, {"namespace", pair.nameSpace}};
        configMap.content()["data"] = data;
        std::set<std::string> going;
        for (const auto& member : data) {
            const std::string clientId(member.key());
            const auto metadata = metadataOf(configMap, clientId);
            const auto created = metadata ? parseRfc3339(metadata->createdAt) : Result<TimePoint>(TimePoint());
            const bool isOld = !created || *created + SweepAge < now || (metadata && metadata->isExpired(now));
            if (isOld && !(secret && dataOf(*secret).contains(clientId))) {
                going.insert(clientId);
            }
        }
        std::for_each(going.begin(), going.end(), [&](const std::string& clientId) { data.erase(clientId); });
        swept = digests;
        swept.insert(going.begin(), going.end());
        return !going.empty();
    });
    if (!done && done.error().kind != ErrorKind::NotFound) {
        return failure(done.error());
    }
    return swept.size();
}

} // namespace gatehouse::keys
