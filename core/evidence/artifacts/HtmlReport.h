#pragma once

#include "core/evidence/EvidenceBundle.h"

namespace gatehouse::evidence {

/// `report.html`: one page for people; no script, nothing loaded from anywhere.
[[nodiscard]] std::unique_ptr<Artifact> makeHtmlReport();

} // namespace gatehouse::evidence
