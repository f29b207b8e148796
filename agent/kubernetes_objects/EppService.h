#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// Service `N-epp`.
[[nodiscard]] std::vector<json::Object> buildEppService(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
