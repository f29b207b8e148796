#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// AIServiceBackend `N`: the provider speaks OpenAI below its path.
[[nodiscard]] std::vector<json::Object> buildProviderService(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
