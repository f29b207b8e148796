#pragma once

#include "core/evidence/EvidenceBundle.h"

namespace gatehouse::evidence {

/// `denied-request-sample-<date>.txt`: one refused exchange for each endpoint, with the positive control beside it.
[[nodiscard]] std::unique_ptr<Artifact> makeDeniedRequestSample();

} // namespace gatehouse::evidence
