#pragma once

#include "core/evidence/EvidenceBundle.h"

namespace gatehouse::evidence {

/// `junit.xml`: the checks as test cases, for a pipeline.
[[nodiscard]] std::unique_ptr<Artifact> makeJunitReport();

} // namespace gatehouse::evidence
