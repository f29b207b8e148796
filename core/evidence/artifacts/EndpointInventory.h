#pragma once

#include "core/evidence/EvidenceBundle.h"

namespace gatehouse::evidence {

/// `endpoint-inventory-<date>` as .md, .json and .csv: every endpoint, what protects it and what the probe found.
[[nodiscard]] std::unique_ptr<Artifact> makeEndpointInventory();

} // namespace gatehouse::evidence
