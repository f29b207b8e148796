#include "agent/kubernetes_objects/ModelDeployment.h"

#include <algorithm>

namespace gatehouse::kubernetes_objects {
namespace {

using serving_plan::ModelFiles;
using serving_plan::Workload;

json::Object mount(const char* name, const char* path) {
    return {{"name", name}, {"mountPath", path}};
}

json::Object httpProbe(const char* path) {
    return {{"httpGet", json::Object{{"path", path}, {"port", "http"}}}};
}

/// limits with the GPUs; requests as they were written.
json::Object resourcesOf(const Workload& workload) {
    json::Object resources;
    json::Object limits = workload.limits;
    if (workload.gpus > 0) {
        limits[GpuResource] = std::to_string(workload.gpus);
    }
    if (!limits.empty()) {
        resources["limits"] = std::move(limits);
    }
    if (!workload.requests.empty()) {
        resources["requests"] = workload.requests;
    }
    return resources;
}

json::Object serverContainer(const Workload& workload) {
    json::Object server = container("vllm", workload.image);
    server["command"] = textArray(workload.command);
    server["args"] = textArray(workload.arguments);
    server["ports"] =
        json::Array{json::Value(json::Object{{"name", "http"}, {"containerPort", ServingPort}, {"protocol", "TCP"}})};
    if (json::Object resources = resourcesOf(workload); !resources.empty()) {
        server["resources"] = std::move(resources);
    }
    if (!workload.environment.empty()) {
        server["env"] = workload.environment;
    }
    server["volumeMounts"] =
        json::Array{json::Value(mount("model-storage", "/model-cache")), json::Value(mount("shm", "/dev/shm"))};
    json::Object startup = httpProbe("/v1/models");
    startup["initialDelaySeconds"] = 15;
    startup["periodSeconds"] = 30;
    startup["failureThreshold"] = 120;
    server["startupProbe"] = std::move(startup);
    json::Object liveness = httpProbe("/health");
    liveness["periodSeconds"] = 10;
    liveness["failureThreshold"] = 3;
    server["livenessProbe"] = std::move(liveness);
    json::Object readiness = httpProbe("/v1/models");
    readiness["periodSeconds"] = 5;
    readiness["failureThreshold"] = 3;
    server["readinessProbe"] = std::move(readiness);
    return server;
}

json::Object downloader(const ModelFiles& files) {
    json::Object loader = container("model-downloader", files.image);
    std::vector<std::string> arguments{files.repository, "--local-dir", "/model-cache"};
    if (!files.revision.empty()) {
        arguments.insert(arguments.end(), {"--revision", files.revision});
    }
    loader["args"] = textArray(arguments);
    if (!files.tokenSecret.empty()) {
        json::Object reference{{"name", files.tokenSecret}, {"key", "HF_TOKEN"}};
        loader["env"] = json::Array{json::Value(
            json::Object{{"name", "HF_TOKEN"}, {"valueFrom", json::Object{{"secretKeyRef", std::move(reference)}}}})};
    }
    loader["volumeMounts"] = json::Array{json::Value(mount("model-storage", "/model-cache"))};
    return loader;
}

json::Object copier(const ModelFiles& files) {
    json::Object loader = container("model-loader", files.image);
    loader["command"] = textArray({"cp", "-r", "/models/.", "/shared-models/"});
    loader["volumeMounts"] = json::Array{json::Value(mount("model-storage", "/shared-models"))};
    return loader;
}

json::Object storageVolume(const PlannedModel& model) {
    const ModelFiles& files = model.workload->files;
    json::Object volume{{"name", "model-storage"}};
    if (files.claim) {
        volume["persistentVolumeClaim"] = json::Object{{"claimName", model.name + "-model-storage"}};
    } else if (files.limited) {
        volume["emptyDir"] = json::Object{{"sizeLimit", files.size.empty() ? "0" : files.size}};
    } else {
        volume["emptyDir"] = json::Object{};
    }
    return volume;
}

json::Object sharedMemoryVolume(const Workload& workload) {
    json::Object memory{{"medium", "Memory"}};
    if (const json::Value* limit = workload.limits.if_contains("memory"); limit != nullptr) {
        memory["sizeLimit"] = *limit;
    }
    return {{"name", "shm"}, {"emptyDir", std::move(memory)}};
}

/// GPU nodes are usually tainted; a user's own word on that taint stands.
json::Array tolerationsOf(const Workload& workload) {
    json::Array tolerations = workload.tolerations;
    const bool covered = std::any_of(tolerations.begin(), tolerations.end(), [](const json::Value& toleration) {
        const std::string key = json::text(toleration, "key");
        return key == GpuResource || (key.empty() && json::text(toleration, "operator") == "Exists");
    });
    if (workload.gpus > 0 && !covered) {
        tolerations.push_back(json::Object{{"key", GpuResource}, {"operator", "Exists"}, {"effect", "NoSchedule"}});
    }
    return tolerations;
}

json::Object podOf(const PlannedModel& model) {
    const Workload& workload = *model.workload;
    json::Object pod{{"serviceAccountName", model.name + "-sa"},
                     {"securityContext", json::Object{{"fsGroup", 65532}, {"fsGroupChangePolicy", "OnRootMismatch"}}}};
    if (workload.files.loader == ModelFiles::Loader::Download) {
        pod["initContainers"] = json::Array{json::Value(downloader(workload.files))};
    } else if (workload.files.loader == ModelFiles::Loader::CopyFromImage) {
        pod["initContainers"] = json::Array{json::Value(copier(workload.files))};
    }
    pod["containers"] = json::Array{json::Value(serverContainer(workload))};
    pod["volumes"] = json::Array{json::Value(storageVolume(model)), json::Value(sharedMemoryVolume(workload))};
    if (json::Array tolerations = tolerationsOf(workload); !tolerations.empty()) {
        pod["tolerations"] = std::move(tolerations);
    }
    if (!workload.nodeSelector.empty()) {
        pod["nodeSelector"] = workload.nodeSelector;
    }
    if (workload.affinity) {
        pod["affinity"] = *workload.affinity;
    }
    return pod;
}

} // namespace

std::vector<json::Object> buildModelDeployment(const Context&, const PlannedModel& model) {
    if (!model.workload) {
        return {};
    }
    json::Object deployment = objectOf(model, "apps/v1", "Deployment", model.name);
    deployment["metadata"].as_object()["annotations"] =
        json::Object{{"llm.nebari.dev/model-config-hash", model.workload->configurationHash}};
    json::Object podTemplate{{"metadata", json::Object{{"labels", labelsOf(model)}}}, {"spec", podOf(model)}};
    deployment["spec"] =
        json::Object{{"replicas", model.workload->replicas},
                     {"selector", json::Object{{"matchLabels", selectorOf(model)}}},
                     {"strategy", json::Object{{"type", model.workload->rollingUpdate ? "RollingUpdate" : "Recreate"}}},
                     {"template", std::move(podTemplate)}};
    return {std::move(deployment)};
}

} // namespace gatehouse::kubernetes_objects
