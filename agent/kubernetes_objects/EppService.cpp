#include "agent/kubernetes_objects/EppService.h"

namespace gatehouse::kubernetes_objects {
namespace {

json::Object servicePort(const char* name, int number) {
    return {{"name", name}, {"port", number}, {"targetPort", name}, {"protocol", "TCP"}};
}

} // namespace

std::vector<json::Object> buildEppService(const Context&, const PlannedModel& model) {
    if (!model.workload) {
        return {};
    }
    json::Object service = objectOf(model, "v1", "Service", model.name + "-epp");
    service["spec"] = json::Object{{"type", "ClusterIP"},
                                   {"selector", selectorOf(model, "epp")},
                                   {"ports", json::Array{json::Value(servicePort("grpc", EppPort)),
                                                         json::Value(servicePort("metrics", EppMetricsPort))}}};
    return {std::move(service)};
}

} // namespace gatehouse::kubernetes_objects
