#include "agent/kubernetes_objects/ModelPodMonitor.h"

namespace gatehouse::kubernetes_objects {

std::vector<json::Object> buildModelPodMonitor(const Context&, const PlannedModel& model) {
    if (!model.workload || !model.workload->monitored) {
        return {};
    }
    json::Object endpoint{{"port", "http"}, {"path", "/metrics"}, {"interval", "30s"}};
    json::Object monitor = objectOf(model, "monitoring.coreos.com/v1", "PodMonitor", model.name);
    monitor["spec"] = json::Object{{"selector", json::Object{{"matchLabels", selectorOf(model)}}},
                                   {"podMetricsEndpoints", json::Array{json::Value(std::move(endpoint))}}};
    return {std::move(monitor)};
}

} // namespace gatehouse::kubernetes_objects
