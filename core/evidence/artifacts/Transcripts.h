#pragma once

#include "core/evidence/EvidenceBundle.h"

namespace gatehouse::evidence {

/// `transcripts/…`: every exchange of the run, one file each.
[[nodiscard]] std::unique_ptr<Artifact> makeTranscripts();

} // namespace gatehouse::evidence
