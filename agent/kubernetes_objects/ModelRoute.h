#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// AIGatewayRoutes `N-external` and `N-internal` (serving.md §2.9, §2.12). More model ids than one route holds go to
/// further routes `N-external-2`, ….
[[nodiscard]] std::vector<json::Object> buildModelRoute(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
