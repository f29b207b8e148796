#include "core/evidence/Facts.h"
#include "tests/support/EvidenceFixture.h"

#include <gtest/gtest.h>

namespace gatehouse::evidence {
namespace {

using Outcome = Judgement::Outcome;

TEST(Judgement, PassesOnlyWhenEverythingWasShown) {
    const Judgement judgement = judge(test::goodInputs());
    EXPECT_EQ(judgement.outcome, Outcome::Passed) << joined(judgement.reasons);
    EXPECT_TRUE(judgement.reasons.empty());
    EXPECT_FALSE(judgement.stale);
}

TEST(Judgement, OneReachedRequestFails) {
    const Judgement judgement = judge(test::openInputs());
    EXPECT_EQ(judgement.outcome, Outcome::Failed);
    EXPECT_EQ(judgement.highFindings, 1U);
    ASSERT_FALSE(judgement.reasons.empty());
    EXPECT_EQ(judgement.reasons.front(), "Endpoint raw-vllm let 1 request through that must be refused.");
}

TEST(Judgement, ReachedFailsWithoutAnyFinding) {
    EvidenceInputs inputs = test::openInputs();
    inputs.report.findings.clear();
    EXPECT_EQ(judge(inputs).outcome, Outcome::Failed);
}

TEST(Judgement, AnUnknownSeverityIsTakenAsHigh) {
    EvidenceInputs inputs = test::goodInputs();
    inputs.inventory.endpoints[0].findings.push_back({"odd", "catastrophic", "something"});
    EXPECT_EQ(judge(inputs).outcome, Outcome::Failed);
}

/// Each change takes one support away; none may leave the result PASSED.
TEST(Judgement, WhatIsMissingWarns) {
    const std::vector<std::pair<const char*, void (*)(EvidenceInputs&)>> losses{
        {"no endpoint", [](EvidenceInputs& i) { i.report.endpoints.clear(); }},
        {"cancelled", [](EvidenceInputs& i) { i.report.cancelled = true; }},
        {"coverage", [](EvidenceInputs& i) { --i.report.conclusive; }},
        {"inconclusive", [](EvidenceInputs& i) { i.report.endpoints[0].conclusion = probe::Conclusion::Inconclusive; }},
        {"not probed", [](EvidenceInputs& i) { i.report.endpoints.pop_back(); }},
        {"not inspected",
         [](EvidenceInputs& i) {
             i.inventory.notInspected.push_back({"x", "y"});
         }},
        {"medium finding",
         [](EvidenceInputs& i) {
             i.inventory.endpoints[0].findings.push_back({"f", "medium", "r"});
         }},
        {"stale", [](EvidenceInputs& i) { i.madeAt = i.report.finishedAt + std::chrono::hours(25); }},
    };
    for (const auto& [name, take] : losses) {
        EvidenceInputs inputs = test::goodInputs();
        take(inputs);
        const Judgement judgement = judge(inputs);
        EXPECT_EQ(judgement.outcome, Outcome::Warned) << name;
        EXPECT_FALSE(judgement.reasons.empty()) << name;
    }
}

TEST(Attribution, MatchesOnlyLinesWithTheRequestIdOfThisRun) {
    EvidenceInputs inputs = test::goodInputs();
    ASSERT_EQ(inputs.attribution.size(), 2U);
    EXPECT_EQ(inputs.attribution[0].endpointName, "chat-a");
    EXPECT_EQ(json::text(inputs.attribution[0].line, "tenant_id"), "tenant-a");
    for (const AttributionRow& row : attributionRows(inputs)) {
        EXPECT_NE(row.endpoint, nullptr);
    }
    inputs.attribution.pop_back();
    EXPECT_EQ(attributionRows(inputs)[1].problem, "no line with this request id was found in the access log");
    inputs.accessLog.clear();
    EXPECT_EQ(attributionRows(inputs)[1].problem, "no access log was at hand");
}

TEST(Attribution, ALineWithoutTenantOrWithAnotherModelIsNoAttribution) {
    EvidenceInputs inputs = test::goodInputs();
    inputs.attribution[0].line["tenant_id"] = "-";
    EXPECT_EQ(attributionRows(inputs)[0].problem, "the line lacks tenant_id");
    inputs.attribution[1].line["model"] = "org/other";
    EXPECT_EQ(attributionRows(inputs)[1].problem, "the line names another model than was asked for");
    EvidenceInputs failed = test::goodInputs();
    failed.report.endpoints[0].positiveControls[0].status = 500;
    EXPECT_EQ(attributionRows(failed).size(), 1U);
}

TEST(ProbedEndpoints, AreAddedToTheInventoryOnce) {
    EvidenceInputs inputs = test::goodInputs();
    const std::size_t before = inputs.inventory.endpoints.size();
    addProbedEndpoints(inputs.inventory, inputs.report);
    EXPECT_EQ(inputs.inventory.endpoints.size(), before);
    inputs.inventory.endpoints.clear();
    inputs.report.endpoints[0].id.clear();
    inputs.report.endpoints[1].conclusion = probe::Conclusion::Inconclusive;
    addProbedEndpoints(inputs.inventory, inputs.report);
    ASSERT_EQ(inputs.inventory.endpoints.size(), 2U);
    EXPECT_FALSE(inputs.report.endpoints[0].id.empty());
    const inventory::Endpoint& first = inputs.inventory.endpoints[0].source.name == "chat-a"
                                           ? inputs.inventory.endpoints[0]
                                           : inputs.inventory.endpoints[1];
    EXPECT_EQ(first.authentication.required, inventory::Required::Yes);
    const inventory::Endpoint& second =
        &first == inputs.inventory.endpoints.data() ? inputs.inventory.endpoints[1] : inputs.inventory.endpoints[0];
    EXPECT_EQ(second.authentication.required, inventory::Required::Unknown);
}

TEST(ProbedEndpoints, AUrlIsNotBelowAnotherHostsUrl) {
    probe::ProbeReport report;
    report.endpoints.resize(1);
    report.endpoints[0].url = "https://llm.example.com";
    inventory::Endpoint endpoint;
    endpoint.url = "https://llm.example.com.evil.example/v1";
    EXPECT_EQ(probed(report, endpoint), nullptr);
    endpoint.url = "https://llm.example.com/v1/chat/completions";
    EXPECT_NE(probed(report, endpoint), nullptr);
    report.endpoints[0].url = "https://llm.example.com/a/";
    endpoint.url = "https://llm.example.com/ab";
    EXPECT_EQ(probed(report, endpoint), nullptr);
}

TEST(Percent, NeverRoundsUpToAll) {
    EXPECT_EQ(percent(1.0), "100 %");
    EXPECT_EQ(percent(0.99999), "99.9 %");
    EXPECT_EQ(percent(0.0), "0.0 %");
}

} // namespace
} // namespace gatehouse::evidence
