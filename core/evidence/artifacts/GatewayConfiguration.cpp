#include "core/evidence/artifacts/GatewayConfiguration.h"

#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/evidence/artifacts/Documents.h"

namespace gatehouse::evidence {
namespace {

class GatewayConfigurationArtifact final : public Artifact {
public:
    [[nodiscard]] std::string name() const override { return "gateway configuration"; }

    [[nodiscard]] Files make(const EvidenceInputs& inputs) const override {
        json::Array endpoints;
        for (const inventory::Endpoint& endpoint : inputs.inventory.endpoints) {
            json::Array enforcedBy;
            for (const inventory::ObjectReference& reference : endpoint.authentication.enforcedBy) {
                enforcedBy.push_back(json::Object{{"apiVersion", reference.apiVersion},
                                                  {"kind", reference.kind},
                                                  {"namespace", reference.nameSpace},
                                                  {"name", reference.name}});
            }
            endpoints.push_back(json::Object{{"id", endpoint.id},
                                             {"url", endpoint.url},
                                             {"required", inventory::word(endpoint.authentication.required)},
                                             {"mechanisms", json::Array(endpoint.authentication.mechanisms.begin(),
                                                                        endpoint.authentication.mechanisms.end())},
                                             {"enforcedBy", std::move(enforcedBy)},
                                             {"reason", endpoint.authentication.reason}});
        }
        json::Object object = jsonHead(inputs, "GatewayAuthenticationConfiguration");
        object["endpoints"] = std::move(endpoints);
        if (inputs.gatewayConfiguration.empty()) {
            object["gateway"] = nullptr;
            object["note"] = "The gateway's own configuration was not at hand in this run; the endpoints above show "
                             "what was read from other sources.";
        } else {
            object["gateway"] = inputs.gatewayConfiguration;
        }
        return {{datedName(inputs.report.run, "gateway-auth-config", "json"), document(object)}};
    }
};

} // namespace

std::unique_ptr<Artifact> makeGatewayConfiguration() {
    return std::make_unique<GatewayConfigurationArtifact>();
}

} // namespace gatehouse::evidence
