#include "agent/kubernetes_objects/ProviderCredential.h"

namespace gatehouse::kubernetes_objects {

std::vector<json::Object> buildProviderCredential(const Context&, const PlannedModel& model) {
    if (!model.provider) {
        return {};
    }
    json::Object target{{"group", AiGatewayGroup}, {"kind", "AIServiceBackend"}, {"name", model.name}};
    json::Object secret{{"group", ""}, {"kind", "Secret"}, {"name", model.provider->credentialSecret}};
    json::Object policy = objectOf(model, std::string(AiGatewayGroup) + "/v1alpha1", "BackendSecurityPolicy",
                                   model.name + "-upstream-auth");
    policy["spec"] = json::Object{{"targetRefs", json::Array{json::Value(std::move(target))}},
                                  {"type", "APIKey"},
                                  {"apiKey", json::Object{{"secretRef", std::move(secret)}}}};
    return {std::move(policy)};
}

} // namespace gatehouse::kubernetes_objects
