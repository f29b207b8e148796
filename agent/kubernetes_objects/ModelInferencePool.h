#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// InferencePool `N` (serving.md §2.7).
[[nodiscard]] std::vector<json::Object> buildModelInferencePool(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
