#pragma once

#include "core/evidence/EvidenceBundle.h"

namespace gatehouse::evidence {

/// `tenant-attribution-<date>` as .md and .json: each authenticated request of the run and its access-log line.
[[nodiscard]] std::unique_ptr<Artifact> makeTenantAttribution();

} // namespace gatehouse::evidence
