#pragma once

#include "core/evidence/EvidenceBundle.h"

#include <set>

/// What several artifacts say about the same inputs, worked out in one place so that they cannot contradict each other.
namespace gatehouse::evidence {

struct VerdictCounts {
    std::size_t denied = 0;
    std::size_t absent = 0;
    std::size_t open = 0; ///< PUBLIC
    std::size_t reached = 0;
    std::size_t inconclusive = 0;
    std::size_t noted = 0;

    /// Without NOTED, which is only recorded.
    [[nodiscard]] std::size_t planned() const { return denied + absent + open + reached + inconclusive; }

    void add(const VerdictCounts& other);
};

[[nodiscard]] VerdictCounts countVerdicts(const probe::EndpointReport& endpoint);
[[nodiscard]] VerdictCounts countVerdicts(const probe::ProbeReport& report);

/// HTTP statuses of the answers judged DENIED.
[[nodiscard]] std::set<int> deniedStatuses(const probe::ProbeReport& report);
/// "no-credential", or "key-forms (with a suffix)" for a check of several forms.
[[nodiscard]] std::string checkName(const probe::CheckResult& check);
[[nodiscard]] bool hasPassedControl(const probe::EndpointReport& endpoint);

/// The probe result of an inventory endpoint: by id, else the one whose base URL the endpoint lies below; or null.
[[nodiscard]] const probe::EndpointReport* probed(const probe::ProbeReport& report,
                                                  const inventory::Endpoint& endpoint);
[[nodiscard]] std::vector<const inventory::Endpoint*> notProbed(const EvidenceInputs& inputs);

/// A finding of the inventory or of the probe, in one form.
struct AnyFinding {
    std::string id;
    std::string severity;
    std::string subject; ///< endpoint name or URL
    std::string reason;
    std::vector<std::string> files; ///< transcripts, as paths in the pack
    /// "GH-" and 12 hex characters over id and subject: the same finding has the same key in every pack.
    [[nodiscard]] std::string key() const;
};

/// The gravest first, then by subject and id.
[[nodiscard]] std::vector<AnyFinding> allFindings(const EvidenceInputs& inputs);

/// One authenticated request of the run and the log line that belongs to it.
struct AttributionRow {
    const probe::EndpointReport* endpoint = nullptr;
    const probe::PositiveControl* control = nullptr;
    const AttributionFact* fact = nullptr; ///< null: no line was found
    std::string problem;                   ///< why it does not count as attributed; empty when it does
};

/// One row for each positive control that passed.
[[nodiscard]] std::vector<AttributionRow> attributionRows(const EvidenceInputs& inputs);
/// A member of a log line as text, numbers too; empty for what is missing, null or "-".
[[nodiscard]] std::string logText(const json::Object& line, std::string_view name);

/// "3 endpoints", "1 endpoint"
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);
[[nodiscard]] std::string joined(const std::vector<std::string>& parts, std::string_view separator = ", ");
/// "98.3 %"; never rounds up to 100.
[[nodiscard]] std::string percent(double ratio);

} // namespace gatehouse::evidence
