#include "agent/kubernetes_objects/EppConfig.h"

#include "agent/kubernetes_objects/GoYaml.h"

namespace gatehouse::kubernetes_objects {
namespace {

json::Object defaultConfiguration() {
    return {{"apiVersion", "inference.networking.x-k8s.io/v1alpha1"},
            {"kind", "EndpointPickerConfig"},
            {"plugins", json::Array{json::Value(json::Object{{"type", "max-score-picker"}}),
                                    json::Value(json::Object{{"type", "single-profile-handler"}})}},
            {"schedulingProfiles",
             json::Array{json::Value(json::Object{
                 {"name", "default"},
                 {"plugins", json::Array{json::Value(json::Object{{"pluginRef", "max-score-picker"}})}}})}}};
}

} // namespace

std::vector<json::Object> buildEppConfig(const Context&, const PlannedModel& model) {
    if (!model.workload) {
        return {};
    }
    const json::Value configuration =
        model.workload->schedulerConfiguration.value_or(json::Value(defaultConfiguration()));
    json::Object configMap = objectOf(model, "v1", "ConfigMap", model.name + "-epp-config");
    configMap["data"] = json::Object{{"epp-config.yaml", goYaml(configuration)}};
    return {std::move(configMap)};
}

} // namespace gatehouse::kubernetes_objects
