#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// BackendSecurityPolicy `N-upstream-auth`: the key sent to the provider.
[[nodiscard]] std::vector<json::Object> buildProviderCredential(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
