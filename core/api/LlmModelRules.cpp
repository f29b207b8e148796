#include "core/api/GatewayDuration.h"
#include "core/api/ModelRules.h"
#include "core/api/Names.h"
#include "core/api/Quantity.h"
#include "core/api/Validation.h"

namespace gatehouse::api {
namespace {

/// `<name>-epp` is a Service, and a Service's name has at most 63 characters.
constexpr std::size_t LongestName = 59;

bool isDownloaded(const LLMModel& model) {
    return model.model.source == LLMModel::Source::HuggingFace;
}

bool hasUpstream(const LLMModel& model) {
    return model.identity.annotations.contains(UpstreamAnnotation);
}

void checkName(const std::string& name, Problems& problems) {
    if (name.size() > LongestName) {
        problems.add("metadata.name", "has " + std::to_string(name.size()) + " characters",
                     "use at most 59: the Service " + inQuotes("<name>-epp") + " may have 63");
    } else if (!isServiceName(name)) {
        problems.add("metadata.name", inQuotes(name) + " cannot be the name of a Service, which every model gets",
                     "use lower-case letters, digits and '-', and begin with a letter, for example " +
                         suggestServiceName(name, LongestName));
    }
}

void checkStorage(const LLMModel& model, Problems& problems) {
    const std::string field = "spec.model.storage.size";
    const std::string& size = model.model.storageSize;
    const bool claim = model.model.storage == LLMModel::StorageType::Claim;
    if (size.empty()) {
        if (claim && isDownloaded(model) && (!hasUpstream(model) || model.model.storageSizeGiven)) {
            problems.add(field, "is empty, but a persistent volume needs a size",
                         "write a quantity, for example 200Gi, or use storage type emptyDir");
        }
        return;
    }
    const std::optional<int> sign = quantitySign(size);
    if (!sign) {
        problems.add(field, "is " + inQuotes(size), "write a quantity, for example 200Gi");
    } else if (*sign < 0 || (*sign == 0 && claim && isDownloaded(model))) {
        problems.add(field, "is " + inQuotes(size), "write a quantity above zero, for example 200Gi");
    }
}

void checkSource(const LLMModel& model, Problems& problems) {
    if (!isDownloaded(model) && model.model.image.empty() && !hasUpstream(model)) {
        problems.add("spec.model.image", "is empty, but source oci copies the model out of an image",
                     "name the image that holds the files below /models");
    }
    if (model.model.revision.starts_with('-')) {
        problems.add("spec.model.revision", "is " + inQuotes(model.model.revision),
                     "write a commit or tag; it must not begin with '-'");
    }
    checkReference("spec.model.authSecretName", model.model.authSecretName, problems);
    checkReference("spec.model.storage.storageClassName", model.model.storageClassName, problems);
}

void checkNotNegative(const std::string& field, std::int64_t number, Problems& problems) {
    if (number < 0) {
        problems.add(field, "is " + std::to_string(number), "use 0 or more");
    }
}

void checkQuantities(const std::string& field, const json::Object& quantities, Problems& problems) {
    for (const auto& member : quantities) {
        const std::optional<int> sign = signOf(member.value());
        const std::string where = field + "." + std::string(member.key());
        if (!isQualifiedName(std::string_view(member.key()))) {
            problems.add(field, "names the resource " + inQuotes(std::string_view(member.key())),
                         "use a resource name such as memory or nvidia.com/gpu");
        } else if (!sign || *sign < 0) {
            problems.add(where, "is " + inQuotes(json::compact(member.value())), "write a quantity, for example 16Gi");
        }
    }
}

void checkServing(const LLMModel& model, Problems& problems) {
    checkNotNegative("spec.resources.gpu.count", model.gpuCount, problems);
    checkNotNegative("spec.serving.replicas", model.serving.replicas, problems);
    checkNotNegative("spec.serving.tensorParallelism", model.serving.tensorParallelism.value_or(0), problems);
    checkNotNegative("spec.serving.dataParallelism", model.serving.dataParallelism, problems);
    checkQuantities("spec.resources.requests", model.requests, problems);
    checkQuantities("spec.resources.limits", model.limits, problems);
    if (!parseGatewayDuration(model.endpoints.requestTimeout)) {
        problems.add("spec.endpoints.requestTimeout", "is " + inQuotes(model.endpoints.requestTimeout),
                     "write a duration such as 600s or 1h30m");
    }
    if (model.advanced.schedulerConfig && !model.advanced.schedulerConfig->is_object()) {
        problems.add("spec.advanced.inferencePool.schedulerConfig", "is no object",
                     "write an EndpointPickerConfig, or leave it out");
    }
}

} // namespace

std::vector<Error> validate(const LLMModel& model) {
    Problems problems;
    checkName(model.identity.name, problems);
    checkModelId("spec.model.name", model.model.name, problems);
    checkAccess(model.access, problems);
    checkServing(model, problems);
    checkSource(model, problems);
    checkStorage(model, problems);
    checkSubdomain(model.endpoints, problems);
    checkAnnotations(model.identity, problems);
    return problems.take();
}

std::vector<std::string> warningsFor(const LLMModel& model) {
    std::vector<std::string> warnings;
    const bool preload = model.model.preload.value_or(true);
    const bool ephemeral = model.model.storage == LLMModel::StorageType::Ephemeral;
    if (isDownloaded(model) && ephemeral && preload) {
        warnings.emplace_back("spec.model.storage.type is emptyDir: every restart triggers a re-download of the model");
    }
    if (isDownloaded(model) && !preload) {
        warnings.emplace_back("spec.model.preload is false: the server finds an empty folder unless the volume already "
                              "holds the model");
    }
    if (!isDownloaded(model) && !model.model.authSecretName.empty()) {
        warnings.emplace_back("spec.model.authSecretName has no effect with source oci");
    }
    if (isDownloaded(model) && !model.model.image.empty()) {
        warnings.emplace_back("spec.model.image has no effect with source huggingface");
    }
    const std::int64_t tensor = model.serving.tensorParallelism.value_or(model.gpuCount);
    if (tensor == 0 && model.serving.command.empty() && !hasUpstream(model)) {
        warnings.emplace_back("the model server is started with --tensor-parallel-size 0, which vLLM refuses: set "
                              "spec.serving.tensorParallelism to 1 for a CPU");
    }
    if (model.gpuCount > 0 && tensor * model.serving.dataParallelism > model.gpuCount) {
        warnings.emplace_back("tensorParallelism times dataParallelism is more than spec.resources.gpu.count");
    }
    if (isDownloaded(model) && !ephemeral && model.serving.replicas > 1) {
        warnings.emplace_back("spec.serving.replicas is above 1 with a ReadWriteOnce volume: all replicas must share a "
                              "node");
    }
    if (!model.endpoints.external && !model.endpoints.internal) {
        warnings.emplace_back("both endpoints are disabled: nobody can reach the model through a gateway");
    }
    return warnings;
}

} // namespace gatehouse::api
