#include "agent/kubernetes_objects/ProviderTls.h"

namespace gatehouse::kubernetes_objects {

std::vector<json::Object> buildProviderTls(const Context&, const PlannedModel& model) {
    if (!model.provider) {
        return {};
    }
    json::Object target{{"group", EnvoyGroup}, {"kind", "Backend"}, {"name", model.name + "-backend"}};
    json::Object policy =
        objectOf(model, std::string(GatewayGroup) + "/v1", "BackendTLSPolicy", model.name + "-backend-tls");
    policy["spec"] = json::Object{
        {"targetRefs", json::Array{json::Value(std::move(target))}},
        {"validation", json::Object{{"wellKnownCACertificates", "System"}, {"hostname", model.provider->hostname}}}};
    return {std::move(policy)};
}

} // namespace gatehouse::kubernetes_objects
