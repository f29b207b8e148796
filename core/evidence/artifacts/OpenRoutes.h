#pragma once

#include "core/evidence/EvidenceBundle.h"

namespace gatehouse::evidence {

/// `open-routes-<date>.md`: the register of routes that answer without authentication.
[[nodiscard]] std::unique_ptr<Artifact> makeOpenRoutes();

} // namespace gatehouse::evidence
