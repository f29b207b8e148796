#include "agent/kubernetes_objects/ProviderService.h"

namespace gatehouse::kubernetes_objects {

std::vector<json::Object> buildProviderService(const Context&, const PlannedModel& model) {
    if (!model.provider) {
        return {};
    }
    json::Object backend{{"group", EnvoyGroup}, {"kind", "Backend"}, {"name", model.name + "-backend"}};
    json::Object service = objectOf(model, std::string(AiGatewayGroup) + "/v1alpha1", "AIServiceBackend", model.name);
    service["spec"] =
        json::Object{{"schema", json::Object{{"name", "OpenAI"}, {"version", model.provider->schemaVersion}}},
                     {"backendRef", std::move(backend)}};
    return {std::move(service)};
}

} // namespace gatehouse::kubernetes_objects
