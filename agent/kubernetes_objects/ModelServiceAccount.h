#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// ServiceAccount `N-sa` of the model server.
[[nodiscard]] std::vector<json::Object> buildModelServiceAccount(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
