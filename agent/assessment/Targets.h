#pragma once

#include "agent/assessment/ProbeKeys.h"
#include "core/inventory/EndpointSource.h"
#include "core/probe/Prober.h"

#include <functional>
#include <string>
#include <vector>

namespace gatehouse::assessment {

/// What it takes to turn inventoried endpoints into probe targets.
struct TargetInputs {
    const inventory::Inventory& inventory;
    const inventory::Snapshot& snapshot; ///< the objects the inventory was made of
    const ProbeKeys& keys;
    std::string gatewayUrl;   ///< own gateway, without a trailing slash
    std::string gatewayCaPem; ///< what its certificate chains to
    /// Value of a Secret's data key; empty when there is none.
    std::function<Secret(const std::string& nameSpace, const std::string& secret, const std::string& key)> secretValue;
};

/// One target for each endpoint whose name, id, or source name is in `wanted` (empty: all). Endpoints behind our
/// gateway get the prober's own key of their model and, as the foreign one, that of another model; `Endpoint` objects
/// get what their spec names; upstreams get the credential the gateway uses for them. OpenRoute objects become open
/// routes.
[[nodiscard]] std::vector<probe::ProbeTarget> targetsFor(const TargetInputs& inputs,
                                                         const std::vector<std::string>& wanted);

/// "kind-lowercase/namespace/name" or, for the model server behind a model, the same with "/upstream": unique and
/// readable.
[[nodiscard]] std::string targetName(const inventory::Endpoint& endpoint, const std::string& gatewayUrl);

} // namespace gatehouse::assessment
