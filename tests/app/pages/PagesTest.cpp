// Tests compare with literals; the product never converts implicitly.
#undef QT_NO_CAST_FROM_ASCII
#include "app/pages/endpoints/EndpointsController.h"
#include "app/pages/endpoints/EndpointsModel.h"
#include "app/pages/evidence/EvidenceModel.h"
#include "app/pages/keys/KeysController.h"
#include "app/pages/keys/KeysModel.h"
#include "app/pages/models/ModelsModel.h"
#include "app/pages/models/YamlEditing.h"
#include "app/pages/overview/OverviewModel.h"
#include "core/object_store/KnownKinds.h"
#include "tests/support/console/FakeAgentClient.h"

#include <QAbstractItemModelTester>
#include <gtest/gtest.h>

namespace gatehouse::pages {
namespace {

using gatehouse::testing::FakeAgentClient;
using gatehouse::testing::objectOf;
using gatehouse::testing::waitFor;

const TimePoint Now = parseRfc3339("2026-11-21T12:00:00Z").value();

TEST(KeysModelTest, StatesHaveWordsAndTones) {
    const auto state = [](const char* spec, const char* status) {
        return keyRow(objectOf(kinds::ApiKey, "k", spec, status), Now).cells[4];
    };
    EXPECT_EQ(state("{}", R"({"state": "Active"})").tone, theme::Tone::Good);
    EXPECT_EQ(state("{}", R"({"state": "Expired"})").tone, theme::Tone::Bad);
    EXPECT_EQ(state("{}", R"({"state": "Retiring", "replacedBy": "x"})").tone, theme::Tone::Warn);
    EXPECT_EQ(state(R"({"expiresAt": "2026-11-23T12:00:00Z"})", R"({"state": "Active"})").tone, theme::Tone::Warn);
    EXPECT_EQ(state(R"({"expiresAt": "2027-11-23T12:00:00Z"})", R"({"state": "Active"})").tone, theme::Tone::Good);
    EXPECT_EQ(state("{}", "{}").tone, theme::Tone::Neutral);
}

TEST(KeysControllerTest, TheFormNamesTheFieldThatIsWrong) {
    EXPECT_EQ(problemOf({"", "o", "", "", ""}).field, "model");
    EXPECT_EQ(problemOf({"m", "  ", "", "", ""}).field, "owner");
    EXPECT_EQ(problemOf({"m", "o", "", "", "soon"}).field, "expires");
    EXPECT_EQ(problemOf({"m", "o", "", "", "-1d"}).field, "expires");
    EXPECT_EQ(problemOf({"m", "o", "", "", "30d"}).field, "");
    EXPECT_EQ(problemOf({"m", "o", "", "", ""}).field, "");
}

TEST(KeysControllerTest, MintSendsTheFormAndHandsTheKeyOver) {
    auto client = std::make_shared<FakeAgentClient>();
    const SystemClock clock;
    session::Session session(client, clock, {});
    KeysController controller(session);
    QObject context;
    std::string value;
    controller.mint(&context, {"chat", " alice ", "", "team", "30d"},
                    [&](Result<session::MintedKey> minted) { value = std::string(minted->value.reveal()); });
    ASSERT_TRUE(waitFor([&] { return !value.empty(); }));
    EXPECT_TRUE(value.starts_with("sk-"));
    ASSERT_EQ(client->written().size(), 1U);
    const Object sent = client->written().front();
    EXPECT_EQ(sent.text("spec.model"), "chat");
    EXPECT_EQ(sent.text("spec.owner"), "alice");
    EXPECT_EQ(sent.text("spec.tenant"), "team");
    EXPECT_EQ(sent.text("spec.expires"), "30d");
    EXPECT_EQ(sent.at("spec.description"), nullptr);
}

TEST(ModelsModelTest, RowsOfBothKinds) {
    const Object model =
        objectOf(kinds::LLMModel, "chat", R"({"model": {"name": "org/chat"}})", R"({"phase": "Ready"})");
    EXPECT_EQ(modelRow(model).id, "LLMModel/default/chat");
    EXPECT_EQ(modelRow(model).cells[0].second, "org/chat");
    EXPECT_EQ(modelRow(model).cells[2].tone, theme::Tone::Good);
    const Object passthrough = objectOf(kinds::PassthroughModel, "p",
                                        R"({"provider": {"hostname": "h"}, "models": {"declared": ["a", "b"]}})");
    EXPECT_EQ(modelIds(passthrough), "a, b");
    EXPECT_EQ(phaseOf(passthrough).text, "Pending");
}

TEST(YamlEditingTest, HidesWhatTheServerKeepsAndPutsTheVersionBack) {
    Object model = objectOf(kinds::LLMModel, "chat", R"({"model": {"name": "org/chat"}})", R"({"phase": "Ready"})");
    model.metadata()["resourceVersion"] = "41";
    const QString yaml = yamlForEditing(model);
    EXPECT_TRUE(yaml.startsWith("apiVersion: llm.nebari.dev/v1alpha1\nkind: LLMModel\n"));
    EXPECT_FALSE(yaml.contains("status"));
    EXPECT_FALSE(yaml.contains("uid"));
    const auto back = objectFromYaml(QString(yaml).replace("org/chat", "org/other"), &model);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->resourceVersion(), "41");
    EXPECT_EQ(back->text("spec.model.name"), "org/other");
    const auto renamed = objectFromYaml(QString(yaml).replace("name: chat", "name: else"), &model);
    ASSERT_FALSE(renamed);
    EXPECT_EQ(renamed.error().field, "metadata.name");
}

TEST(YamlEditingTest, FindsTheLineOfAField) {
    const QString yaml = "kind: LLMModel\nmetadata:\n  name: chat\nspec:\n  model:\n    # the id\n    name: org/chat\n "
                         " serving:\n    vllmArgs:\n    - --a\n    - --b\n  access:\n    groups:\n      - x\n";
    EXPECT_EQ(lineOfField(yaml, "spec.model.name"), 7);
    EXPECT_EQ(lineOfField(yaml, "metadata.name"), 3);
    EXPECT_EQ(lineOfField(yaml, "spec.serving.vllmArgs[1]"), 11);
    EXPECT_EQ(lineOfField(yaml, "spec.access.groups[0]"), 14);
    EXPECT_EQ(lineOfField(yaml, "spec.model.missing"), 5);
    EXPECT_EQ(lineOfField(yaml, "nowhere.at.all"), 0);
}

TEST(YamlEditingTest, DiffShowsChangesWithContextOnly) {
    EXPECT_TRUE(lineDiff("a\nb", "a\nb").isEmpty());
    EXPECT_EQ(lineDiff("a\nb\nc", "a\nx\nc"), (QStringList{"  a", "- b", "+ x", "  c"}));
    const QStringList lines = lineDiff("1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\n4\n5\n6\n7\n8\nnine", 1);
    EXPECT_EQ(lines, (QStringList{QStringLiteral("  …"), "  8", "- 9", "+ nine"}));
}

TEST(YamlEditingTest, TemplatesAreReadable) {
    for (const char* kind : {"LLMModel", "PassthroughModel"}) {
        const auto object = objectFromYaml(modelTemplate(QString::fromLatin1(kind)), nullptr);
        ASSERT_TRUE(object) << object.error().describe();
        EXPECT_EQ(object->kind(), kind);
    }
}

TEST(EndpointsModelTest, PolicyInWords) {
    const auto open =
        json::parse(
            R"({"id": "e", "url": "http://x", "models": null, "authentication": {"required": "no", "mechanisms": [], "reason": "Why."}})")
            .value();
    EXPECT_TRUE(policyInWords(open).contains("Anybody"));
    EXPECT_TRUE(policyInWords(open).contains("Why."));
    EXPECT_EQ(endpointRow(open, nullptr).cells[3].tone, theme::Tone::Bad);
    EXPECT_EQ(endpointRow(open, nullptr).cells[0].second, "any model id passes");
}

probe::ProbeReport reportWithOneReached() {
    probe::ProbeReport report;
    probe::EndpointReport endpoint;
    endpoint.name = "chat";
    endpoint.conclusion = probe::Conclusion::Reached;
    probe::CheckResult denied;
    denied.id = "no-credential";
    denied.route = "GET /a";
    denied.verdict = probe::Verdict::Denied;
    probe::CheckResult reached = denied;
    reached.route = "GET /b";
    reached.verdict = probe::Verdict::Reached;
    endpoint.checks = {denied, reached};
    report.endpoints = {endpoint};
    return report;
}

TEST(DenialGridTest, ACellShowsTheWorstOfItsRoutes) {
    DenialGridModel grid;
    QAbstractItemModelTester tester(&grid, QAbstractItemModelTester::FailureReportingMode::Fatal);
    grid.setReport(std::make_shared<probe::ProbeReport>(reportWithOneReached()));
    ASSERT_EQ(grid.rowCount(), 1);
    ASSERT_EQ(grid.columnCount(), 3);
    EXPECT_EQ(grid.headerData(2, Qt::Horizontal, Qt::DisplayRole).toString(), "no-credential");
    EXPECT_TRUE(grid.index(0, 2).data().toString().startsWith("Reached"));
    EXPECT_TRUE(grid.index(0, 2).data().toString().contains("1/2"));
    const auto rows = checkRows(*grid.endpointAt(0), "no-credential");
    ASSERT_EQ(rows.size(), 2);
    EXPECT_EQ(rows[0].cells[0].text, "GET /b");
    grid.setReport(nullptr);
    EXPECT_EQ(grid.rowCount(), 0);
}

TEST(EndpointsControllerTest, StartsFollowsAndCancelsARun) {
    auto client = std::make_shared<FakeAgentClient>();
    const SystemClock clock;
    session::Session session(client, clock, {});
    EndpointsController controller(session);
    session.start();
    QObject context;
    bool started = false;
    controller.start(&context, {"chat"}, [&](Result<void> done) { started = done.has_value(); });
    ASSERT_TRUE(waitFor([&] { return started; }));
    EXPECT_EQ(client->written().front().kind(), "ProbeRun");
    client->put(kinds::ProbeRun, objectOf(kinds::ProbeRun, "probe-1", "{}",
                                          R"({"phase": "Running", "done": 3, "total": 9, "etaSeconds": 4})"));
    ASSERT_TRUE(waitFor([&] { return controller.newestRun().running(); }));
    EXPECT_EQ(controller.newestRun().done, 3);
    EXPECT_EQ(*controller.newestRun().etaSeconds, 4);
    bool cancelled = false;
    controller.cancel(&context, [&](Result<void> done) { cancelled = done.has_value(); });
    ASSERT_TRUE(waitFor([&] { return cancelled; }));
    EXPECT_TRUE(json::flag(client->written().back().value(), "patch.spec.cancelled"));
}

TEST(EndpointsControllerTest, SlashesOfATranscriptIdStaySlashes) {
    auto client = std::make_shared<FakeAgentClient>();
    const SystemClock clock;
    session::Session session(client, clock, {});
    client->put(kinds::ProbeRun, objectOf(kinds::ProbeRun, "p", "{}", R"({"phase": "Completed"})"));
    EndpointsController controller(session);
    session.start();
    ASSERT_TRUE(waitFor([&] { return !controller.shownRun().isEmpty(); }));
    QObject context;
    std::string asked;
    controller.transcript(&context, "a b/c", [&](Result<std::string> text) { asked = *text; });
    ASSERT_TRUE(waitFor([&] { return !asked.empty(); }));
    EXPECT_EQ(asked, "bytes of namespaces/default/proberuns/p/transcripts/a%20b/c");
}

TEST(EvidenceModelTest, VerificationIsSaidInWords) {
    signing::VerifyResult good;
    good.valid = true;
    good.files = 18;
    EXPECT_EQ(verificationInWords(good).tone, theme::Tone::Good);
    EXPECT_TRUE(verificationInWords(good).text.contains("18"));
    signing::VerifyResult bad;
    bad.problem = "report.html is not what was signed";
    EXPECT_EQ(verificationInWords(bad).tone, theme::Tone::Bad);
    EXPECT_TRUE(verificationInWords(bad).text.contains("report.html"));
}

TEST(EvidenceModelTest, OnlyACompletedVerifiedPackLooksGood) {
    const auto row = [](const char* status) { return packRow(objectOf(kinds::EvidencePack, "p", "{}", status)); };
    EXPECT_EQ(row(R"({"phase": "Completed", "result": "PASSED", "verified": true, "coverage": 1.0})").cells[4].tone,
              theme::Tone::Good);
    EXPECT_EQ(
        row(R"({"phase": "Completed", "result": "PASSED", "verified": false, "verifyProblem": "x"})").cells[4].tone,
        theme::Tone::Bad);
    EXPECT_EQ(row(R"({"phase": "Completed", "result": "FAILED"})").cells[1].tone, theme::Tone::Bad);
    EXPECT_EQ(row(R"({"phase": "Failed"})").cells[1].tone, theme::Tone::Bad);
    EXPECT_EQ(row("{}").cells[1].tone, theme::Tone::Info);
}

TEST(OverviewModelTest, SaysOnlyWhatItWasTold) {
    const OverviewData nothing = overviewOf(nullptr, nullptr, {}, {}, {}, {}, {}, Now);
    EXPECT_EQ(nothing.gatewayState, "Unknown");
    EXPECT_LT(nothing.packCoverage, 0);
    Objects models;
    models["default/chat"] =
        std::make_shared<const Object>(objectOf(kinds::LLMModel, "chat", "{}", R"({"phase": "Ready"})"));
    models["default/other"] = std::make_shared<const Object>(objectOf(kinds::LLMModel, "other"));
    Objects keys;
    keys["default/k"] =
        std::make_shared<const Object>(objectOf(kinds::ApiKey, "k", R"({"expiresAt": "2026-11-22T12:00:00Z"})"));
    const auto installation = json::parse(R"({"gateway": {"state": "Failed", "message": "port in use"}})").value();
    const OverviewData data = overviewOf(&installation, nullptr, models, {}, keys, {}, {}, Now);
    EXPECT_EQ(data.models, 2);
    EXPECT_EQ(data.modelsReady, 1);
    EXPECT_EQ(data.keysExpiring, 1);
    EXPECT_EQ(data.gatewayTone, theme::Tone::Bad);
    EXPECT_EQ(data.gatewayDetail, "port in use");
}

TEST(OverviewModelTest, OneProblemIsCountedOnce) {
    const auto inventory = json::parse(R"({"endpoints": [
        {"id": "1", "source": {"name": "a"}, "findings": [{"id": "f", "severity": "high", "reason": "The same."}]},
        {"id": "2", "source": {"name": "b"}, "findings": [{"id": "f", "severity": "high", "reason": "The same."}]},
        {"id": "3", "source": {"name": "b"}, "findings": [{"id": "f", "severity": "high", "reason": "The same."},
                                                          {"id": "g", "severity": "medium", "reason": "Other."}]}]})")
                               .value();
    const OverviewData data = overviewOf(nullptr, &inventory, {}, {}, {}, {}, {}, Now);
    ASSERT_EQ(data.findings.size(), 2);
    EXPECT_EQ(data.inventoryFindings, 2);
    EXPECT_EQ(data.findings[0].where, "a, b");
    EXPECT_EQ(data.endpoints, 3);
}

} // namespace
} // namespace gatehouse::pages
