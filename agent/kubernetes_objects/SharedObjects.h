#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// What all models share (serving.md §4, gateway-measured.md §3), first what closes our listeners:
/// SecurityPolicy `gatehouse-deny-<listener>` (denies whatever no route-level policy allows), ClientTrafficPolicy
/// `gatehouse-headers-<listener>` (strips headers that only the gateway may set), Certificate, ReferenceGrants, and the
/// given Gateways with our listeners. Certificate and grants need POD_NAMESPACE; listeners need
/// LLM_MANAGE_SHARED_LISTENERS.
[[nodiscard]] std::vector<Object> sharedObjects(const Context& context);

} // namespace gatehouse::kubernetes_objects
