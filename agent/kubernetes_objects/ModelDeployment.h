#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// Deployment `N`, the model server (serving.md §2.2). Its pod template must stay as it is: any change restarts every
/// model.
[[nodiscard]] std::vector<json::Object> buildModelDeployment(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
