#pragma once

#include "core/evidence/EvidenceBundle.h"

namespace gatehouse::evidence {

/// `gateway-auth-config-<date>.json`: what the gateway enforces and which objects say so for each endpoint.
[[nodiscard]] std::unique_ptr<Artifact> makeGatewayConfiguration();

} // namespace gatehouse::evidence
