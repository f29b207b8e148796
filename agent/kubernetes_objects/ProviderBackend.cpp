#include "agent/kubernetes_objects/ProviderBackend.h"

namespace gatehouse::kubernetes_objects {

std::vector<json::Object> buildProviderBackend(const Context&, const PlannedModel& model) {
    if (!model.provider) {
        return {};
    }
    json::Object name{{"hostname", model.provider->hostname}, {"port", model.provider->port}};
    json::Object backend = objectOf(model, std::string(EnvoyGroup) + "/v1alpha1", "Backend", model.name + "-backend");
    backend["spec"] = json::Object{{"endpoints", json::Array{json::Value(json::Object{{"fqdn", std::move(name)}})}}};
    return {std::move(backend)};
}

} // namespace gatehouse::kubernetes_objects
