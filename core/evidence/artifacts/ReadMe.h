#pragma once

#include "core/evidence/EvidenceBundle.h"

namespace gatehouse::evidence {

/// `README.md`: what the pack is and how to verify it.
[[nodiscard]] std::unique_ptr<Artifact> makeReadMe();

} // namespace gatehouse::evidence
