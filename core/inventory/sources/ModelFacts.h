#pragma once

#include "core/inventory/EndpointSource.h"

namespace gatehouse::inventory {

/// What the sources need of an LLMModel or a PassthroughModel, the same for both kinds.
struct ModelFacts {
    ObjectReference reference;
    std::string modelId;                            ///< of an LLMModel
    std::optional<std::vector<std::string>> models; ///< no value: any model id passes
    bool external = true;
    bool anyKey = false;        ///< access.public: every authenticated caller
    std::string upstream;       ///< annotation of an LLMModel
    std::string upstreamSecret; ///< annotation of an LLMModel: the gateway sends this Secret's key to the upstream
    std::string provider;       ///< hostname of a PassthroughModel
    std::string note;
    std::string externalStatus; ///< status.endpoints.external
    std::string internalStatus;
};

/// All models that can be read and are not being deleted; what cannot be read is put into `notInspected`.
[[nodiscard]] std::vector<ModelFacts> modelsOf(const Snapshot& snapshot, std::vector<NotInspected>& notInspected);

/// "LLMModel default/chat"
[[nodiscard]] std::string describe(const ObjectReference& reference);
/// The gateway of one host as enforcer and as source.
[[nodiscard]] ObjectReference gatewayReference();
/// What the gateway of one host does for its endpoints, or why that is not known; adds the finding in the latter case.
void protectByGateway(const Snapshot::StandaloneGateway& gateway, const std::string& how, Endpoint& endpoint);
/// http or https to an address of this host only.
[[nodiscard]] bool isLoopbackUrl(std::string_view url);

} // namespace gatehouse::inventory
