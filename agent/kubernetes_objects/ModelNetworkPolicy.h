#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// NetworkPolicy `N-deny-direct`: only the gateways, the picker and monitoring reach the pods (serving.md §2.5).
[[nodiscard]] std::vector<json::Object> buildModelNetworkPolicy(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
