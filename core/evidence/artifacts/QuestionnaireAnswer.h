#pragma once

#include "core/evidence/EvidenceBundle.h"

namespace gatehouse::evidence {

/// `questionnaire-answer-<date>.md`: sentences for a questionnaire, each with the evidence it rests on.
[[nodiscard]] std::unique_ptr<Artifact> makeQuestionnaireAnswer();

} // namespace gatehouse::evidence
