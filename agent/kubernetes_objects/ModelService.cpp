#include "agent/kubernetes_objects/ModelService.h"

namespace gatehouse::kubernetes_objects {

std::vector<json::Object> buildModelService(const Context&, const PlannedModel& model) {
    if (!model.workload) {
        return {};
    }
    json::Object port{{"name", "http"}, {"port", ServingPort}, {"targetPort", "http"}, {"protocol", "TCP"}};
    json::Object service = objectOf(model, "v1", "Service", model.name);
    service["spec"] = json::Object{
        {"type", "ClusterIP"}, {"selector", selectorOf(model)}, {"ports", json::Array{json::Value(std::move(port))}}};
    return {std::move(service)};
}

} // namespace gatehouse::kubernetes_objects
