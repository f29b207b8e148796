#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// Backend `N-backend`: where the provider is (serving.md §2.12).
[[nodiscard]] std::vector<json::Object> buildProviderBackend(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
