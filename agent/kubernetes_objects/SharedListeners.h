#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// The Secret our listeners terminate TLS with.
[[nodiscard]] std::string tlsSecretOf(const settings::Settings& settings);

/// Those of the existing Gateways that carry one of `listeners`, with the listener merged in by name: equal in what we
/// set, it is left alone; different, it is replaced; absent, it is appended. Other listeners are not touched. One
/// Gateway may carry both. Fields that only the server writes are dropped.
[[nodiscard]] std::vector<Object> gatewaysWithListeners(const Context& context, const std::vector<Listener>& listeners);

} // namespace gatehouse::kubernetes_objects
