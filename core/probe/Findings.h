#pragma once

#include "core/probe/Prober.h"

namespace gatehouse::probe {

/// What follows from an endpoint's checks: one finding for each way in, naming every route it opens. Pure.
/// Severity: high where inference, control or the model list was reached, or the way in is a key that must not work;
/// medium for routes that only tell about the server.
[[nodiscard]] std::vector<Finding> findingsOf(const EndpointReport& endpoint, bool echoedSecret);

} // namespace gatehouse::probe
