#include "agent/kubernetes_objects/ModelInferencePool.h"

namespace gatehouse::kubernetes_objects {

std::vector<json::Object> buildModelInferencePool(const Context&, const PlannedModel& model) {
    if (!model.workload) {
        return {};
    }
    json::Object picker{
        {"name", model.name + "-epp"}, {"kind", "Service"}, {"port", json::Object{{"number", EppPort}}}};
    json::Object pool = objectOf(model, std::string(InferenceGroup) + "/v1", "InferencePool", model.name);
    pool["spec"] = json::Object{{"targetPorts", json::Array{json::Value(json::Object{{"number", ServingPort}})}},
                                {"selector", json::Object{{"matchLabels", selectorOf(model, "llmmodel")}}},
                                {"endpointPickerRef", std::move(picker)}};
    return {std::move(pool)};
}

} // namespace gatehouse::kubernetes_objects
