#include "core/evidence/Facts.h"

#include <algorithm>

namespace gatehouse::evidence {
namespace {

void addFailures(const EvidenceInputs& inputs, Judgement& judgement) {
    for (const probe::EndpointReport& endpoint : inputs.report.endpoints) {
        const std::size_t reached = countVerdicts(endpoint).reached;
        if (reached > 0 || endpoint.conclusion == probe::Conclusion::Reached) {
            judgement.reasons.push_back("Endpoint " + endpoint.name + " let " + counted(reached, "request") +
                                        " through that must be refused.");
        }
    }
    for (const AnyFinding& finding : allFindings(inputs)) {
        if (finding.severity != "medium" && finding.severity != "low" && finding.severity != "info") {
            ++judgement.highFindings;
            judgement.reasons.push_back("Finding " + finding.id + " at " + finding.subject + ": " + finding.reason);
        }
    }
    judgement.outcome = judgement.reasons.empty() ? Judgement::Outcome::Passed : Judgement::Outcome::Failed;
}

void addWarnings(const EvidenceInputs& inputs, Judgement& judgement) {
    std::vector<std::string>& reasons = judgement.reasons;
    const probe::ProbeReport& report = inputs.report;
    if (report.endpoints.empty()) {
        reasons.emplace_back("No endpoint was probed.");
    }
    if (report.cancelled) {
        reasons.emplace_back("The probe was cancelled before it was done.");
    }
    if (report.conclusive < report.planned) {
        reasons.push_back("Coverage is " + percent(report.coverage()) + ": " +
                          std::to_string(report.planned - report.conclusive) + " of " +
                          counted(report.planned, "planned request") + " gave no conclusive answer.");
    }
    for (const probe::EndpointReport& endpoint : report.endpoints) {
        if (endpoint.conclusion == probe::Conclusion::Inconclusive) {
            reasons.push_back("Endpoint " + endpoint.name + " is inconclusive" +
                              (hasPassedControl(endpoint) ? "." : ": its positive control is missing or failed."));
        }
    }
    for (const inventory::Endpoint* endpoint : notProbed(inputs)) {
        reasons.push_back("Endpoint " + endpoint->url + " stands in the inventory and was not probed.");
    }
    for (const inventory::NotInspected& item : inputs.inventory.notInspected) {
        reasons.push_back("Not inspected: " + item.resource + " (" + item.reason + ").");
    }
    for (const AnyFinding& finding : allFindings(inputs)) {
        if (finding.severity == "medium" || finding.severity == "low") {
            reasons.push_back("Finding " + finding.id + " at " + finding.subject + ": " + finding.reason);
        }
    }
    if (judgement.stale) {
        reasons.push_back("The results are stale: the probe ended " + toRfc3339(report.finishedAt) +
                          ", the pack was made " + toRfc3339(inputs.madeAt) + ".");
    }
}

} // namespace

Judgement judge(const EvidenceInputs& inputs) {
    Judgement judgement;
    judgement.stale = inputs.madeAt != TimePoint{} && inputs.madeAt - inputs.report.finishedAt > inputs.maxAge;
    addFailures(inputs, judgement);
    addWarnings(inputs, judgement);
    if (judgement.outcome == Judgement::Outcome::Passed && !judgement.reasons.empty()) {
        judgement.outcome = Judgement::Outcome::Warned;
    }
    return judgement;
}

const char* word(Judgement::Outcome outcome) {
    switch (outcome) {
    case Judgement::Outcome::Passed:
        return "PASSED";
    case Judgement::Outcome::Warned:
        return "WARNED";
    case Judgement::Outcome::Failed:
        return "FAILED";
    }
    return "FAILED";
}

} // namespace gatehouse::evidence
