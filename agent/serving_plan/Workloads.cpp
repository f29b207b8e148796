#include "agent/serving_plan/Workloads.h"

#include "core/crypto/Crypto.h"

namespace gatehouse::serving_plan {
namespace {

bool isOci(const api::LLMModel& model) {
    return model.model.source == api::LLMModel::Source::Oci;
}

bool isClaim(const api::LLMModel& model) {
    return model.model.storage == api::LLMModel::StorageType::Claim;
}

std::vector<std::string> argumentsFor(const api::LLMModel& model) {
    const std::int64_t tensor = model.serving.tensorParallelism.value_or(model.gpuCount);
    std::vector<std::string> arguments{"--model",
                                       "/model-cache",
                                       "--served-model-name",
                                       model.model.name,
                                       "--tensor-parallel-size",
                                       std::to_string(tensor),
                                       "--data-parallel-size",
                                       std::to_string(model.serving.dataParallelism)};
    arguments.insert(arguments.end(), model.serving.vllmArgs.begin(), model.serving.vllmArgs.end());
    arguments.insert(arguments.end(), model.advanced.extraArgs.begin(), model.advanced.extraArgs.end());
    return arguments;
}

ModelFiles filesFor(const api::LLMModel& model, const settings::Settings& settings) {
    ModelFiles files;
    if (isOci(model)) {
        files.loader = ModelFiles::Loader::CopyFromImage;
        files.image = model.model.image;
        files.claim = false;
        files.limited = false;
        return files;
    }
    files.loader = model.model.preload.value_or(true) ? ModelFiles::Loader::Download : ModelFiles::Loader::None;
    files.image = settings.modelDownloaderImage;
    files.repository = model.model.name;
    files.revision = model.model.revision;
    files.tokenSecret = model.model.authSecretName;
    files.claim = isClaim(model);
    files.size = model.model.storageSize;
    files.storageClass =
        model.model.storageClassName.empty() ? settings.defaultStorageClassName : model.model.storageClassName;
    return files;
}

} // namespace

std::string configurationHash(const api::LLMModel& model) {
    const std::string text = model.identity.name + (isOci(model) ? "oci" : "huggingface") +
                             (isClaim(model) ? "pvc" : "emptyDir") + model.model.image + model.model.revision +
                             model.model.name;
    return crypto::sha256Hex(text).substr(0, 16);
}

Workload workloadFor(const api::LLMModel& model, const settings::Settings& settings) {
    Workload workload;
    workload.image = model.serving.image.empty() ? settings.defaultServingImage : model.serving.image;
    workload.command = model.serving.command.empty()
                           ? std::vector<std::string>{"python3", "-m", "vllm.entrypoints.openai.api_server"}
                           : model.serving.command;
    workload.arguments = argumentsFor(model);
    workload.replicas = model.serving.replicas;
    workload.gpus = model.gpuCount;
    workload.rollingUpdate = model.serving.rollingUpdate;
    workload.monitored = model.serving.monitoring;
    workload.requests = model.requests;
    workload.limits = model.limits;
    workload.environment = model.advanced.extraEnv;
    workload.tolerations = model.advanced.tolerations;
    workload.nodeSelector = model.advanced.nodeSelector;
    workload.affinity = model.advanced.affinity;
    workload.files = filesFor(model, settings);
    workload.schedulerImage = settings.defaultEppImage;
    workload.schedulerConfiguration = model.advanced.schedulerConfig;
    workload.configurationHash = configurationHash(model);
    return workload;
}

} // namespace gatehouse::serving_plan
