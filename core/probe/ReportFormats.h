#pragma once

#include "core/probe/ProbeReport.h"

namespace gatehouse::probe {

/// One line a check, aligned, for a terminal; conclusions, coverage and findings below.
[[nodiscard]] std::string toTable(const ProbeReport& report);
/// The form of `denied-request-sample-<date>.txt`: what was done, then for each endpoint the positive control and, for
/// each check, one transcript of it in full (`everyTranscript`: all of them).
[[nodiscard]] std::string toTranscriptText(const ProbeReport& report, bool everyTranscript = true);
/// One test suite an endpoint, one case a check: REACHED fails, INCONCLUSIVE is an error, NOTED is skipped.
[[nodiscard]] std::string toJunit(const ProbeReport& report);

} // namespace gatehouse::probe
