#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// Secret `N-api-keys`: the data that exists, never made here. No owner: it outlives the model's object by design
/// (serving.md §2.1).
[[nodiscard]] std::vector<json::Object> buildKeySecret(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
