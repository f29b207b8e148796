#include "core/keys/KeyObjects.h"

#include "core/object_store/KnownKinds.h"

#include <algorithm>
#include <map>
#include <set>

namespace gatehouse::keys {
namespace {

constexpr int Attempts = 32;
constexpr std::chrono::seconds SweepAge{60};

} // namespace

const json::Object& dataOf(const Object& object) {
    static const json::Object none;
    const json::Value* data = object.at("data");
    return data != nullptr && data->is_object() ? data->get_object() : none;
}

bool belongsTo(const Object& keyObject, std::string_view modelUid) {
    const std::string uid = keyObject.annotation(ModelUidAnnotation);
    return uid.empty() || uid == modelUid;
}

std::string modelText(const std::string& nameSpace, const std::string& modelName) {
    return "model " + nameSpace + "/" + modelName;
}

bool KeyManager::Pair::isListed(const std::string& clientId) const {
    return clientId != DummyClientId && dataOf(secret).contains(clientId);
}

Result<Object> KeyManager::ensure(const ResourceType& type, const std::string& nameSpace,
                                  const std::string& modelName) {
    const bool isSecret = type == kinds::Secret;
    const ObjectKey key{type, nameSpace, isSecret ? secretNameOf(modelName) : metadataNameOf(modelName)};
    auto found = m_store.get(key);
    if (!found && found.error().kind != ErrorKind::NotFound) {
        return found;
    }
    const char* labelName = nullptr;
    std::string uid;
    for (const auto& [model, name] : {std::pair<const ResourceType&, const char*>{kinds::LLMModel, "llmmodel"},
                                      {kinds::PassthroughModel, "passthroughmodel"}}) {
        auto owner = m_store.get({model, nameSpace, modelName});
        if (owner && !owner->isBeingDeleted() && labelName == nullptr) {
            labelName = name;
            uid = owner->uid();
        }
        if (!owner && owner.error().kind != ErrorKind::NotFound) {
            return failure(owner.error());
        }
    }
    if (labelName == nullptr) {
        return failure(ErrorKind::NotFound, "there is no " + modelText(nameSpace, modelName) + " to mint a key for",
                       "apply the model first, or check its name and namespace");
    }
    if (found && belongsTo(*found, uid)) {
        return found;
    }
    if (found) {
        // Of a model of this name that is gone: its keys must not open the new one.
        auto removed = m_store.remove(key, {.preconditions = {.uid = found->uid()}});
        // A Conflict: somebody else has just replaced it.
        if (!removed && removed.error().kind != ErrorKind::NotFound && removed.error().kind != ErrorKind::Conflict) {
            return failure(because("the keys of a deleted model could not be removed", removed.error()));
        }
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
                             {ModelNameLabel, modelName}}},
                           {"annotations", {{ModelUidAnnotation, uid}}}};
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
    all.reserve(pairs.size());
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
