#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// ServiceAccount, Role and RoleBinding `N-epp` of the endpoint picker (serving.md §2.8).
[[nodiscard]] std::vector<json::Object> buildEppAccess(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
