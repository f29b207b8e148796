#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// PodMonitor `N`, when monitoring is on (serving.md §2.6).
[[nodiscard]] std::vector<json::Object> buildModelPodMonitor(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
