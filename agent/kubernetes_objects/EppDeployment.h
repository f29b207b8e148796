#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// Deployment `N-epp`, the endpoint picker (serving.md §2.8).
[[nodiscard]] std::vector<json::Object> buildEppDeployment(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
