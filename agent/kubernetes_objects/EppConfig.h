#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// ConfigMap `N-epp-config` (serving.md §2.8).
[[nodiscard]] std::vector<json::Object> buildEppConfig(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
