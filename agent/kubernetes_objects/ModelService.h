#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// Service `N` (serving.md §2.4).
[[nodiscard]] std::vector<json::Object> buildModelService(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
