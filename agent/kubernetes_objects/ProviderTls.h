#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// BackendTLSPolicy `N-backend-tls`: the provider's certificate is checked against the system's authorities.
[[nodiscard]] std::vector<json::Object> buildProviderTls(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
