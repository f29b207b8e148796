#pragma once

#include "core/evidence/EvidenceBundle.h"

namespace gatehouse::evidence {

/// `access-keys-<date>.json`: the key register, never a value.
[[nodiscard]] std::unique_ptr<Artifact> makeAccessKeys();

} // namespace gatehouse::evidence
