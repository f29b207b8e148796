#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// SecurityPolicies `N-external-auth` (API keys) and `N-internal-auth` (tokens), serving.md §2.10 and §2.11.
/// Allow-lists are split so that no rule exceeds the API's caps of 256 header values and 128 claim values.
[[nodiscard]] std::vector<json::Object> buildModelAuthPolicy(const Context& context, const PlannedModel& model);

} // namespace gatehouse::kubernetes_objects
