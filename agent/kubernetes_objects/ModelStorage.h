#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// PersistentVolumeClaim `N-model-storage`, without labels as in existing installations (serving.md §2.3).
[[nodiscard]] std::vector<json::Object> buildModelStorage(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
