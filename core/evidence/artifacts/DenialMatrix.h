#pragma once

#include "core/evidence/EvidenceBundle.h"

namespace gatehouse::evidence {

/// `denial-matrix-<date>.json`: the probe report, each transcript named by its path in the pack.
[[nodiscard]] std::unique_ptr<Artifact> makeDenialMatrix();

} // namespace gatehouse::evidence
