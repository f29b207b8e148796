#pragma once

#include "core/evidence/EvidenceBundle.h"

namespace gatehouse::evidence {

/// `chain.json`: which pack this one follows.
[[nodiscard]] std::unique_ptr<Artifact> makeChain();

} // namespace gatehouse::evidence
