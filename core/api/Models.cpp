#include "core/api/Models.h"

#include "core/api/FieldReader.h"
#include "core/object_store/KnownKinds.h"

namespace gatehouse::api {
namespace {

Identity identityOf(const Object& object) {
    Identity identity;
    identity.nameSpace = object.nameSpace().empty() ? "default" : object.nameSpace();
    identity.name = object.name();
    identity.uid = object.uid();
    identity.creationTimestamp = object.text("metadata.creationTimestamp");
    identity.beingDeleted = object.isBeingDeleted();
    identity.annotations = object.annotations();
    return identity;
}

Error wrongKind(const Object& object, const ResourceType& wanted) {
    return makeError(ErrorKind::Invalid, object.kind() + " " + object.name() + " (" + object.apiVersion() + ") is no " +
                                             wanted.kind + " of " + wanted.apiVersion());
}

bool isOf(const Object& object, const ResourceType& type) {
    return object.kind() == type.kind && object.apiVersion() == type.apiVersion();
}

Access accessFrom(FieldReader& fields) {
    return {fields.flag("spec.access.public", false), fields.texts("spec.access.groups")};
}

Endpoints endpointsFrom(FieldReader& fields) {
    Endpoints endpoints;
    endpoints.external = fields.flag("spec.endpoints.external.enabled", true);
    endpoints.internal = fields.flag("spec.endpoints.internal.enabled", true);
    endpoints.subdomain = fields.text("spec.endpoints.external.subdomain");
    const std::string timeout = fields.text("spec.endpoints.requestTimeout");
    endpoints.requestTimeout = timeout.empty() ? "600s" : timeout;
    return endpoints;
}

LLMModel::Model modelFrom(FieldReader& fields) {
    LLMModel::Model model;
    model.name = fields.text("spec.model.name");
    model.source = fields.text("spec.model.source") == "oci" ? LLMModel::Source::Oci : LLMModel::Source::HuggingFace;
    model.revision = fields.text("spec.model.revision");
    model.authSecretName = fields.text("spec.model.authSecretName");
    model.image = fields.text("spec.model.image");
    model.preload = fields.optionalFlag("spec.model.preload");
    model.storage = fields.text("spec.model.storage.type") == "emptyDir" ? LLMModel::StorageType::Ephemeral
                                                                         : LLMModel::StorageType::Claim;
    model.storageSize = fields.text("spec.model.storage.size");
    model.storageSizeGiven = fields.value("spec.model.storage.size").has_value();
    model.storageClassName = fields.text("spec.model.storage.storageClassName");
    return model;
}

LLMModel::Serving servingFrom(FieldReader& fields) {
    LLMModel::Serving serving;
    serving.image = fields.text("spec.serving.image");
    serving.command = fields.texts("spec.serving.command");
    serving.replicas = fields.number("spec.serving.replicas", 1);
    serving.tensorParallelism = fields.optionalNumber("spec.serving.tensorParallelism");
    serving.dataParallelism = fields.number("spec.serving.dataParallelism", 1);
    serving.vllmArgs = fields.texts("spec.serving.vllmArgs");
    serving.rollingUpdate = fields.text("spec.serving.updateStrategy") == "RollingUpdate";
    serving.monitoring = fields.flag("spec.serving.monitoring.enabled", false);
    return serving;
}

LLMModel::Advanced advancedFrom(FieldReader& fields) {
    LLMModel::Advanced advanced;
    advanced.extraArgs = fields.texts("spec.advanced.vllm.extraArgs");
    advanced.extraEnv = fields.array("spec.advanced.vllm.extraEnv");
    advanced.tolerations = fields.array("spec.advanced.vllm.tolerations");
    advanced.nodeSelector = fields.object("spec.advanced.vllm.nodeSelector");
    advanced.affinity = fields.value("spec.advanced.vllm.affinity");
    advanced.schedulerConfig = fields.value("spec.advanced.inferencePool.schedulerConfig");
    return advanced;
}

} // namespace

Result<LLMModel> LLMModel::from(const Object& object) {
    if (!isOf(object, kinds::LLMModel)) {
        return failure(wrongKind(object, kinds::LLMModel));
    }
    FieldReader fields(object.content());
    for (const char* path : {"spec", "spec.model", "spec.model.name", "spec.model.source", "spec.resources",
                             "spec.resources.gpu.count", "spec.access"}) {
        fields.require(path);
    }
    LLMModel model;
    model.identity = identityOf(object);
    model.model = modelFrom(fields);
    model.gpuCount = fields.number("spec.resources.gpu.count", 0);
    model.gpuType = fields.text("spec.resources.gpu.type", "nvidia");
    model.requests = fields.object("spec.resources.requests");
    model.limits = fields.object("spec.resources.limits");
    model.serving = servingFrom(fields);
    model.access = accessFrom(fields);
    model.endpoints = endpointsFrom(fields);
    model.advanced = advancedFrom(fields);
    if (fields.problem()) {
        return failure(*fields.problem());
    }
    return model;
}

Result<PassthroughModel> PassthroughModel::from(const Object& object) {
    if (!isOf(object, kinds::PassthroughModel)) {
        return failure(wrongKind(object, kinds::PassthroughModel));
    }
    FieldReader fields(object.content());
    for (const char* path :
         {"spec", "spec.provider", "spec.provider.hostname", "spec.provider.credentialSecretName", "spec.access"}) {
        fields.require(path);
    }
    PassthroughModel model;
    model.identity = identityOf(object);
    model.hostname = fields.text("spec.provider.hostname");
    model.port = fields.number("spec.provider.port", 443);
    model.port = model.port == 0 ? 443 : model.port;
    const std::string version = fields.text("spec.provider.schemaVersion");
    model.schemaVersion = version.empty() ? "v1" : version;
    model.credentialSecretName = fields.text("spec.provider.credentialSecretName");
    model.catchAll = fields.flag("spec.models.catchAll", false);
    model.declared = fields.texts("spec.models.declared");
    model.access = accessFrom(fields);
    model.endpoints = endpointsFrom(fields);
    if (fields.problem()) {
        return failure(*fields.problem());
    }
    return model;
}

} // namespace gatehouse::api
