#include "agent/admin_api/Rules.h"

namespace gatehouse::admin_api {

Object redacted(Object object) {
    if (object.kind() != kinds::Secret.kind || object.apiVersion() != kinds::Secret.apiVersion()) {
        return object;
    }
    object.content().erase("data");
    object.content().erase("stringData");
    json::Object& annotations = json::objectAt(object.metadata(), "annotations");
    annotations.erase("kubectl.kubernetes.io/last-applied-configuration");
    annotations[RedactedAnnotation] = "true";
    return object;
}

Result<void> mayWrite(const ResourceType& type, const std::string& name) {
    if (type == kinds::ConfigMap) {
        return failure(ErrorKind::Unsupported, "ConfigMaps are read-only here",
                       "keys are made and revoked through ApiKey objects or `gatehouse-agent keys`");
    }
    if (type == kinds::Namespace) {
        return failure(ErrorKind::Unsupported,
                       "namespaces are read-only here; one exists as soon as something is in it");
    }
    if (type == kinds::Secret && name.ends_with("-api-keys")) {
        return failure(ErrorKind::Forbidden, "the Secret " + name + " holds API keys and cannot be written",
                       "keys are made and revoked through ApiKey objects or `gatehouse-agent keys`");
    }
    return {};
}

Result<void> mayPatch(const ResourceType& type, const json::Value& jsonPatch) {
    if (type != kinds::Secret || !jsonPatch.is_array()) {
        return {};
    }
    for (const json::Value& operation : jsonPatch.get_array()) {
        const std::string word = json::text(operation, "op");
        if (word != "add" && word != "replace" && word != "remove") {
            return failure(ErrorKind::Forbidden,
                           "a Secret is write-only here: its JSON patch may only add, replace and remove",
                           "write the values that are meant; they cannot be copied, moved or tested");
        }
    }
    return {};
}

Result<void> isWhole(const Object& object) {
    if (object.kind() == kinds::Secret.kind && !object.annotation(RedactedAnnotation).empty()) {
        Error error = makeError(ErrorKind::Invalid,
                                "this Secret was read from here without its values; writing it back "
                                "would lose them",
                                "write the whole Secret without that annotation");
        error.field = std::string("metadata.annotations[") + RedactedAnnotation + "]";
        return failure(std::move(error));
    }
    return {};
}

} // namespace gatehouse::admin_api
