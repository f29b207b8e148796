#include "core/api/Metadata.h"

#include "core/api/Names.h"
#include "core/crypto/Crypto.h"

#include <algorithm>
#include <array>

namespace gatehouse::api {
namespace {

constexpr std::size_t MostAnnotationBytes = 256U << 10;
constexpr std::size_t MostDataBytes = 1U << 20;
constexpr std::array<std::string_view, 15> KnownMetadata{
    "name",       "generateName",      "namespace",         "uid",        "resourceVersion",
    "generation", "creationTimestamp", "deletionTimestamp", "labels",     "deletionGracePeriodSeconds",
    "selfLink",   "annotations",       "ownerReferences",   "finalizers", "managedFields"};

const json::Value* metadataMember(const Object& object, std::string_view name) {
    const json::Value* metadata = object.at("metadata");
    const json::Value* found = metadata == nullptr ? nullptr : json::find(*metadata, name);
    return found == nullptr || found->is_null() ? nullptr : found;
}

void checkNames(const Object& object, Problems& problems) {
    if (!object.name().empty()) {
        if (!isDnsSubdomain(object.name())) {
            problems.add(
                "metadata.name", "is " + inQuotes(object.name()),
                "use at most 253 lower-case letters, digits, '-' and '.', with a letter or digit at both ends");
        }
    } else if (const std::string start = object.text("metadata.generateName");
               start.empty() || !isDnsSubdomain(start + "x")) {
        problems.add("metadata.generateName", "is " + inQuotes(start), "use lower-case letters, digits, '-' and '.'");
    }
    if (!object.nameSpace().empty() && !isDnsLabel(object.nameSpace())) {
        problems.add("metadata.namespace", "is " + inQuotes(object.nameSpace()),
                     "use at most 63 lower-case letters, digits and '-'");
    }
    for (const char* name : {"name", "generateName", "namespace", "uid", "resourceVersion"}) {
        const json::Value* value = metadataMember(object, name);
        if (value != nullptr && !value->is_string()) {
            problems.add(std::string("metadata.") + name, "must be a string");
        }
    }
}

void checkLabels(const Object& object, Problems& problems) {
    const json::Value* labels = metadataMember(object, "labels");
    if (labels == nullptr) {
        return;
    }
    if (!labels->is_object()) {
        problems.add("metadata.labels", "must be an object");
        return;
    }
    for (const auto& member : labels->get_object()) {
        const std::string_view key = member.key();
        if (!isQualifiedName(key)) {
            problems.add("metadata.labels", "has the key " + inQuotes(key),
                         "write [prefix/]name with letters, digits, '-', '_' and '.'");
        } else if (!member.value().is_string() || !isLabelValue(std::string_view(member.value().get_string()))) {
            problems.add("metadata.labels[" + std::string(key) + "]", "is " + json::compact(member.value()),
                         "use a string of at most 63 letters, digits, '-', '_' and '.'");
        }
    }
}

void checkAnnotationMap(const Object& object, Problems& problems) {
    const json::Value* annotations = metadataMember(object, "annotations");
    if (annotations == nullptr) {
        return;
    }
    if (!annotations->is_object()) {
        problems.add("metadata.annotations", "must be an object");
        return;
    }
    std::size_t bytes = 0;
    for (const auto& member : annotations->get_object()) {
        const std::string_view key = member.key();
        if (!isQualifiedName(key)) {
            problems.add("metadata.annotations", "has the key " + inQuotes(key),
                         "write [prefix/]name with letters, digits, '-', '_' and '.'");
        } else if (!member.value().is_string()) {
            problems.add("metadata.annotations[" + std::string(key) + "]", "must be a string", "put it in quotes");
        } else {
            bytes += key.size() + member.value().get_string().size();
        }
    }
    if (bytes > MostAnnotationBytes) {
        problems.add("metadata.annotations", "have " + std::to_string(bytes) + " bytes", "use at most 256 KiB");
    }
}

void checkLists(const Object& object, Problems& problems) {
    if (const json::Value* finalizers = metadataMember(object, "finalizers"); finalizers != nullptr) {
        const bool fine =
            finalizers->is_array() &&
            std::all_of(finalizers->get_array().begin(), finalizers->get_array().end(), [](const auto& f) {
                return f.is_string() && isQualifiedName(std::string_view(f.get_string()));
            });
        if (!fine) {
            problems.add("metadata.finalizers", "must be a list of names such as llm.nebari.dev/cleanup");
        }
    }
    if (const json::Value* owners = metadataMember(object, "ownerReferences"); owners != nullptr) {
        const auto complete = [](const json::Value& owner) {
            return !json::text(owner, "apiVersion").empty() && !json::text(owner, "kind").empty() &&
                   !json::text(owner, "name").empty() && !json::text(owner, "uid").empty();
        };
        if (!owners->is_array() || !std::all_of(owners->get_array().begin(), owners->get_array().end(), complete)) {
            problems.add("metadata.ownerReferences",
                         "must be a list of references with apiVersion, kind, name and uid");
        }
    }
}

/// The member as an object to write to; null (and a problem) if it is something else.
const json::Object* dataMember(const Object& object, const char* name, Problems& problems) {
    const json::Value* member = object.at(name);
    if (member == nullptr || member->is_null()) {
        return nullptr;
    }
    if (!member->is_object()) {
        problems.add(name, "must be an object");
        return nullptr;
    }
    return &member->get_object();
}

/// Values are never part of a message: they may be secret.
std::size_t checkEntries(const json::Object& entries, const char* name, bool base64, Problems& problems) {
    std::size_t bytes = 0;
    for (const auto& entry : entries) {
        const std::string_view key = entry.key();
        if (!isDataKey(key)) {
            problems.add(name, "has the key " + inQuotes(key), "use at most 253 letters, digits, '-', '_' and '.'");
        } else if (!entry.value().is_string()) {
            problems.add(std::string(name) + "[" + std::string(key) + "]", "must be a string", "put it in quotes");
        } else if (base64 && !crypto::fromBase64(std::string_view(entry.value().get_string()))) {
            problems.add(std::string(name) + "[" + std::string(key) + "]", "is not base64",
                         "encode it, or use stringData");
        } else {
            bytes += entry.value().get_string().size();
        }
    }
    return bytes;
}

void foldStringData(Object& object) {
    json::Value* strings = object.content().if_contains("stringData");
    if (strings == nullptr || !strings->is_object()) {
        return;
    }
    const json::Object plain = strings->get_object();
    object.content().erase("stringData");
    json::Object& data = json::objectAt(object.content(), "data");
    for (const auto& entry : plain) {
        data[entry.key()] = crypto::base64(std::string_view(entry.value().get_string()));
    }
}

} // namespace

void checkMetadata(const Object& object, Problems& problems) {
    checkNames(object, problems);
    checkLabels(object, problems);
    checkAnnotationMap(object, problems);
    checkLists(object, problems);
}

std::vector<std::string> unknownMetadata(const Object& object) {
    std::vector<std::string> unknown;
    const json::Value* metadata = object.at("metadata");
    if (metadata != nullptr && metadata->is_object()) {
        for (const auto& member : metadata->get_object()) {
            if (std::find(KnownMetadata.begin(), KnownMetadata.end(), std::string_view(member.key())) ==
                KnownMetadata.end()) {
                unknown.push_back("metadata." + std::string(member.key()));
            }
        }
    }
    return unknown;
}

void dropUnknownMetadata(Object& object) {
    for (const std::string& path : unknownMetadata(object)) {
        object.metadata().erase(path.substr(std::string_view("metadata.").size()));
    }
}

void checkAndFoldData(Object& object, Problems& problems) {
    const bool secret = object.kind() == "Secret";
    std::size_t bytes = 0;
    if (const json::Object* data = dataMember(object, "data", problems); data != nullptr) {
        bytes += checkEntries(*data, "data", secret, problems);
    }
    const char* second = secret ? "stringData" : "binaryData";
    if (const json::Object* data = dataMember(object, second, problems); data != nullptr) {
        bytes += checkEntries(*data, second, !secret, problems);
    }
    if (bytes > MostDataBytes) {
        problems.add("data", "has " + std::to_string(bytes) + " bytes", "use at most 1 MiB");
    }
    if (!secret) {
        return;
    }
    const json::Value* type = object.at("type");
    if (type != nullptr && !type->is_string()) {
        problems.add("type", "must be a string");
    } else if (type == nullptr) {
        object.content()["type"] = "Opaque";
    }
    if (problems.none()) {
        foldStringData(object);
    }
}

} // namespace gatehouse::api
