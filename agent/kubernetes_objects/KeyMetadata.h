#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// ConfigMap `N-api-key-metadata`, like the key Secret beside it.
[[nodiscard]] std::vector<json::Object> buildKeyMetadata(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
