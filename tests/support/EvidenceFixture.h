#pragma once

#include "core/evidence/EvidenceBundle.h"
#include "tests/support/TemporaryFolder.h"

#include <filesystem>
#include <string>

/// Builders for inputs of an evidence pack. Everything is fixed: the same call gives the same value.
namespace gatehouse::test {

/// 2026-05-15T14:00:00Z
[[nodiscard]] TimePoint fixedTime();
[[nodiscard]] RunStamp fixedRun();

/// One check with its transcript added to the report. `status` 0 means that no answer came.
void addCheck(probe::ProbeReport& report, probe::EndpointReport& endpoint, const std::string& check,
              const std::string& route, probe::Verdict verdict, int status);
/// A positive control with its transcript; its request id is "req-<endpoint>".
void addPositiveControl(probe::ProbeReport& report, probe::EndpointReport& endpoint, int status);

/// Two endpoints, everything refused, both positive controls passed and matched in the access log: PASSED.
[[nodiscard]] evidence::EvidenceInputs goodInputs();
/// goodInputs() and a third endpoint that lets an unauthenticated request through: FAILED.
[[nodiscard]] evidence::EvidenceInputs openInputs();
/// goodInputs() with names, answers and reasons that try to break out of every format they are written to.
[[nodiscard]] evidence::EvidenceInputs hostileInputs();
/// The strings used there.
[[nodiscard]] const std::vector<std::string>& hostileStrings();

} // namespace gatehouse::test
