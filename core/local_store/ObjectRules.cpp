#include "core/local_store/ObjectRules.h"

#include "core/crypto/Crypto.h"
#include "core/object_store/NameRules.h"

#include <algorithm>
#include <array>

namespace gatehouse::local_store {
namespace {

constexpr std::size_t AnnotationsLimit = 256U << 10;

constexpr std::array<std::string_view, 6> ClientMetadata{"generateName", "labels",          "annotations",
                                                         "finalizers",   "ownerReferences", "namespace"};
constexpr std::array<std::string_view, 5> ServerMetadata{"uid", "creationTimestamp", "generation", "deletionTimestamp",
                                                         "deletionGracePeriodSeconds"};

tl::unexpected<Error> fault(ErrorKind kind, const std::string& field, const std::string& problem) {
    Error error = makeError(kind, field + " " + problem);
    error.field = field;
    return failure(std::move(error));
}

Result<void> checkName(const Object& object, const KnownKind& kind) {
    std::string name = object.name();
    const char* field = "metadata.name";
    if (name.empty()) {
        const std::string base = object.text("metadata.generateName");
        if (base.empty()) {
            return fault(ErrorKind::Invalid, "metadata.name", "is missing");
        }
        name = base + "x"; // stands for what is appended
        field = "metadata.generateName";
    }
    if (const std::string problem = names::subdomainProblem(name); !problem.empty()) {
        return fault(ErrorKind::Invalid, field, "'" + name.substr(0, 64) + "' " + problem);
    }
    if (!kind.type.namespaced) {
        return object.nameSpace().empty() ? Result<void>()
                                          : fault(ErrorKind::BadRequest, "metadata.namespace",
                                                  "is set, but " + kind.type.kind + " has no namespace");
    }
    if (object.nameSpace().empty()) {
        return fault(ErrorKind::Invalid, "metadata.namespace", "is missing");
    }
    const std::string problem = names::labelNameProblem(object.nameSpace());
    return problem.empty() ? Result<void>()
                           : fault(ErrorKind::Invalid, "metadata.namespace",
                                   "'" + object.nameSpace().substr(0, 64) + "' " + problem);
}

Result<void> checkTextMap(const Object& object, const char* name) {
    const std::string field = std::string("metadata.") + name;
    const json::Value* map = object.at(field);
    if (map == nullptr || map->is_null()) {
        return {};
    }
    if (!map->is_object()) {
        return fault(ErrorKind::BadRequest, field, "is not a map");
    }
    std::size_t size = 0;
    for (const auto& member : map->get_object()) {
        const std::string place = field + "." + std::string(member.key());
        if (!member.value().is_string()) {
            return fault(ErrorKind::BadRequest, place, "is not a string; put it in quotes");
        }
        if (const std::string problem = names::qualifiedNameProblem(member.key()); !problem.empty()) {
            return fault(ErrorKind::Invalid, field,
                         "has the key '" + std::string(member.key()).substr(0, 64) + "', which " + problem);
        }
        const std::string_view value = member.value().get_string();
        const std::string problem = field == "metadata.labels" ? names::labelValueProblem(value) : std::string();
        if (!problem.empty()) {
            return fault(ErrorKind::Invalid, place, "'" + std::string(value.substr(0, 64)) + "' " + problem);
        }
        size += member.key().size() + value.size();
    }
    if (size > AnnotationsLimit) {
        return fault(ErrorKind::Invalid, field, "is larger than 256 KiB");
    }
    return {};
}

Result<void> checkFinalizers(const Object& object) {
    const json::Value* list = object.at("metadata.finalizers");
    if (list == nullptr || list->is_null()) {
        return {};
    }
    if (!list->is_array()) {
        return fault(ErrorKind::BadRequest, "metadata.finalizers", "is not a list");
    }
    for (const json::Value& item : list->get_array()) {
        if (!item.is_string()) {
            return fault(ErrorKind::BadRequest, "metadata.finalizers", "holds something that is not a string");
        }
        const std::string_view text = item.get_string();
        if (!names::qualifiedNameProblem(text).empty() || text.find('/') == std::string_view::npos) {
            return fault(ErrorKind::Invalid, "metadata.finalizers",
                         "'" + std::string(text.substr(0, 64)) + "' must be a name like example.com/cleanup");
        }
    }
    return {};
}

Result<void> checkOwners(const Object& object) {
    const json::Value* list = object.at("metadata.ownerReferences");
    if (list == nullptr || list->is_null()) {
        return {};
    }
    if (!list->is_array()) {
        return fault(ErrorKind::BadRequest, "metadata.ownerReferences", "is not a list");
    }
    int controllers = 0;
    for (const json::Value& owner : list->get_array()) {
        for (const char* name : {"apiVersion", "kind", "name", "uid"}) {
            if (json::text(owner, name).empty()) {
                return fault(ErrorKind::Invalid, "metadata.ownerReferences",
                             std::string("has an entry without ") + name);
            }
        }
        controllers += json::flag(owner, "controller") ? 1 : 0;
    }
    return controllers <= 1 ? Result<void>()
                            : fault(ErrorKind::Invalid, "metadata.ownerReferences", "names more than one controller");
}

Result<void> checkData(const Object& object, const char* name, bool encoded) {
    const json::Value* data = object.at(name);
    if (data == nullptr) {
        return {};
    }
    if (!data->is_object()) {
        return fault(ErrorKind::BadRequest, name, "is not a map");
    }
    for (const auto& member : data->get_object()) {
        const std::string place = std::string(name) + "." + std::string(member.key());
        if (!member.value().is_string()) {
            return fault(ErrorKind::BadRequest, place, "is not a string");
        }
        if (const std::string problem = names::dataKeyProblem(member.key()); !problem.empty()) {
            return fault(ErrorKind::Invalid, name,
                         "has the key '" + std::string(member.key()).substr(0, 64) + "', which " + problem);
        }
        if (encoded && !crypto::fromBase64(std::string_view(member.value().get_string()))) {
            return fault(ErrorKind::BadRequest, place, "is not base64");
        }
    }
    return {};
}

void dropNull(Object& object, const char* name) {
    const json::Value* found = object.content().if_contains(name);
    if (found != nullptr && found->is_null()) {
        object.content().erase(name);
    }
}

Result<Object> normalizedSecret(Object object) {
    dropNull(object, "data");
    if (auto plain = checkData(object, "stringData", false); !plain) {
        return failure(plain.error());
    }
    if (const json::Value* plain = object.at("stringData"); plain != nullptr) {
        const json::Object members = plain->get_object();
        object.content().erase("stringData");
        json::Object& data = json::objectAt(object.content(), "data");
        for (const auto& member : members) {
            data[member.key()] = crypto::base64(std::string_view(member.value().get_string()));
        }
    }
    if (object.text("type").empty()) {
        object.content()["type"] = "Opaque";
    }
    auto checked = checkData(object, "data", true);
    return checked ? Result<Object>(std::move(object)) : failure(checked.error());
}

Result<Object> normalizedConfigMap(Object object) {
    dropNull(object, "data");
    dropNull(object, "binaryData");
    if (auto checked = checkData(object, "data", false); !checked) {
        return failure(checked.error());
    }
    if (auto checked = checkData(object, "binaryData", true); !checked) {
        return failure(checked.error());
    }
    return object;
}

bool same(const Object& a, const Object& b, const char* name) {
    const json::Value* left = a.at(name);
    const json::Value* right = b.at(name);
    return left == nullptr || right == nullptr ? left == right : *left == *right;
}

/// Copies the named members of `from`'s metadata that are there and not null or empty.
void copyMetadata(const Object& from, json::Object& to, std::span<const std::string_view> names) {
    const json::Value* metadata = from.at("metadata");
    for (const std::string_view name : names) {
        const json::Value* found = metadata == nullptr ? nullptr : json::find(*metadata, name);
        const bool hollow =
            found == nullptr || found->is_null() || (found->is_object() && found->get_object().empty()) ||
            (found->is_array() && found->get_array().empty()) || (found->is_string() && found->get_string().empty());
        if (!hollow) {
            to[name] = *found;
        }
    }
}

} // namespace

Result<const KnownKind*> storedKindOf(const Object& object) {
    const KnownKind* kind = findKind(object.apiVersion(), object.kind());
    if (kind == nullptr || kind->isVirtual) {
        return failure(ErrorKind::BadRequest,
                       "objects of kind " + object.kind() + " in " + object.apiVersion() + " cannot be kept here",
                       "check apiVersion and kind");
    }
    return kind;
}

ObjectKey keyOf(const Object& object, const ResourceType& type) {
    return {type, object.nameSpace(), object.name()};
}

Result<void> checkMetadata(const Object& object, const KnownKind& kind) {
    constexpr std::array<std::string_view, 4> others{"name", "resourceVersion", "managedFields", "selfLink"};
    const json::Value* metadata = object.at("metadata");
    if (metadata == nullptr || !metadata->is_object()) {
        return fault(ErrorKind::BadRequest, "metadata", "is missing");
    }
    for (const auto& member : metadata->get_object()) {
        const auto isIn = [&](const auto& list) {
            return std::find(list.begin(), list.end(), std::string_view(member.key())) != list.end();
        };
        if (!isIn(ClientMetadata) && !isIn(ServerMetadata) && !isIn(others)) {
            return fault(ErrorKind::BadRequest, "metadata." + std::string(member.key()), "is no field of metadata");
        }
    }
    for (const char* name : {"name", "generateName", "namespace", "uid", "resourceVersion"}) {
        const json::Value* found = json::find(*metadata, name);
        if (found != nullptr && !found->is_string() && !found->is_null()) {
            return fault(ErrorKind::BadRequest, std::string("metadata.") + name, "is not a string; put it in quotes");
        }
    }
    for (auto check :
         {+[](const Object& o) { return checkTextMap(o, "labels"); },
          +[](const Object& o) { return checkTextMap(o, "annotations"); }, &checkFinalizers, &checkOwners}) {
        if (auto done = check(object); !done) {
            return done;
        }
    }
    return checkName(object, kind);
}

Result<Object> normalized(Object object, const KnownKind& kind) {
    if (kind.type == kinds::Secret) {
        return normalizedSecret(std::move(object));
    }
    return kind.type == kinds::ConfigMap ? normalizedConfigMap(std::move(object)) : Result<Object>(std::move(object));
}

Result<Object> newObject(const Object& incoming, const KnownKind& kind, const std::string& now) {
    if (!incoming.resourceVersion().empty()) {
        return fault(ErrorKind::BadRequest, "metadata.resourceVersion", "must not be set on an object to be created");
    }
    Object object = incoming;
    json::Object metadata;
    metadata["name"] =
        incoming.name().empty() ? generatedName(incoming.text("metadata.generateName")) : incoming.name();
    copyMetadata(incoming, metadata, ClientMetadata);
    metadata["uid"] = crypto::randomUuid();
    metadata["creationTimestamp"] = now;
    if (keepsGeneration(kind)) {
        metadata["generation"] = 1;
    }
    object.content()["metadata"] = std::move(metadata);
    if (kind.hasStatus) {
        object.content().erase("status");
    }
    return object;
}

Result<Object> replacement(const Object& live, const Object& incoming, const KnownKind& kind, bool isStatus) {
    const std::string what = keyOf(live, kind.type).describe();
    if (!incoming.uid().empty() && incoming.uid() != live.uid()) {
        return failure(ErrorKind::Conflict, what + " is not the object that was read: its uid is another",
                       "read it again");
    }
    if (!incoming.resourceVersion().empty() && incoming.resourceVersion() != live.resourceVersion()) {
        return failure(ErrorKind::Conflict, what + " has been changed since it was read",
                       "read it again and repeat the change");
    }
    if (isStatus) {
        Object next = live;
        const json::Value* status = incoming.at("status");
        if (status == nullptr || status->is_null()) {
            next.content().erase("status");
        } else {
            next.content()["status"] = *status;
        }
        return next;
    }
    Object next = incoming;
    json::Object metadata;
    metadata["name"] = live.name();
    copyMetadata(incoming, metadata, ClientMetadata);
    copyMetadata(live, metadata, ServerMetadata);
    if (const std::string base = live.text("metadata.generateName"); !base.empty()) {
        metadata["generateName"] = base;
    }
    next.content()["metadata"] = std::move(metadata);
    if (kind.hasStatus) {
        next.content().erase("status");
        if (const json::Value* status = live.at("status")) {
            next.content()["status"] = *status;
        }
    }
    return next;
}

Result<void> checkTransition(const Object& live, const Object& next, const KnownKind& kind) {
    if (live.isBeingDeleted()) {
        const std::vector<std::string> before = live.finalizers();
        for (const std::string& finalizer : next.finalizers()) {
            if (std::find(before.begin(), before.end(), finalizer) == before.end()) {
                return fault(ErrorKind::Invalid, "metadata.finalizers",
                             "cannot get '" + finalizer + "': the object is being deleted");
            }
        }
    }
    if (kind.type == kinds::Secret && !same(live, next, "type")) {
        return fault(ErrorKind::Invalid, "type", "cannot be changed; delete the Secret and create it again");
    }
    const json::Value* fixed = live.at("immutable");
    const bool isData = kind.type == kinds::Secret || kind.type == kinds::ConfigMap;
    if (isData && fixed != nullptr && fixed->is_bool() && fixed->get_bool()) {
        for (const char* name : {"immutable", "data", "binaryData"}) {
            if (!same(live, next, name)) {
                return fault(ErrorKind::Invalid, name, "cannot be changed: the object is immutable");
            }
        }
    }
    return {};
}

bool changesGeneration(const Object& live, const Object& next) {
    const auto spec = [](const Object& object) {
        json::Object content = object.content();
        for (const char* name : {"metadata", "status", "apiVersion", "kind"}) {
            content.erase(name);
        }
        return content;
    };
    return spec(live) != spec(next);
}

bool keepsGeneration(const KnownKind& kind) {
    return kind.type != kinds::Secret && kind.type != kinds::ConfigMap;
}

std::string generatedName(std::string_view base) {
    constexpr std::string_view letters = "bcdfghjklmnpqrstvwxz2456789";
    std::string name(base.substr(0, 58));
    for (const char byte : crypto::randomBytes(5)) {
        name += letters[static_cast<unsigned char>(byte) % letters.size()];
    }
    return name;
}

} // namespace gatehouse::local_store
