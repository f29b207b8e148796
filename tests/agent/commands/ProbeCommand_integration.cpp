#include "core/files/Files.h"
#include "core/json/Json.h"
#include "tests/core/probe/ProberFixture.h"
#include "tests/support/TemporaryFolder.h"

#include <QElapsedTimer>
#include <QProcess>
#include <csignal>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

struct Outcome {
    int code = -1;
    std::string out;
    std::string err;
};

/// The real program, run on an endpoint list in a folder of its own.
class ProbeCommand : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(files::writeSecret(m_folder / "good", Secret::copyOf(m_keys.good)));
        ASSERT_TRUE(files::writeSecret(m_folder / "foreign", Secret::copyOf(m_keys.foreign)));
    }

    void writeList(const std::string& url, const std::string& more = {}) {
        const std::string text =
            "apiVersion: gatehouse.dev/v1alpha1\nkind: EndpointList\nendpoints:\n- name: chat-a\n  "
            "url: " +
            url +
            "\n  engine: openai-generic\n  model: org/a\n  credential: {file: good}\n  "
            "foreignCredential: {file: foreign}\n" +
            more;
        ASSERT_TRUE(files::writeAtomically(m_folder / "list.yaml", text));
    }

    void start(QProcess& process, const QStringList& arguments) {
        process.start(QStringLiteral(GATEHOUSE_BINARY_DIR "/bin/gatehouse-agent"), arguments);
        ASSERT_TRUE(process.waitForStarted());
    }

    static Outcome finish(QProcess& process) {
        EXPECT_TRUE(process.waitForFinished(60'000));
        return {process.exitCode(), process.readAllStandardOutput().toStdString(),
                process.readAllStandardError().toStdString()};
    }

    Outcome run(QStringList arguments) {
        QProcess process;
        start(process, arguments);
        return finish(process);
    }

    QStringList probeArguments(const QStringList& more) {
        return QStringList{QStringLiteral("probe"), QStringLiteral("--endpoints"),
                           QString::fromStdString((m_folder / "list.yaml").string()), QStringLiteral("--rate"),
                           QStringLiteral("5000/s")} +
               more;
    }

    Keys m_keys;
    TemporaryFolder m_folder;
};

} // namespace

TEST_F(ProbeCommand, ExitsZeroWhereAllIsDeniedAndPrintsTheContract) {
    ScriptedServer server(honest(m_keys));
    writeList(server.url());
    const Outcome outcome = run(probeArguments({QStringLiteral("-o"), QStringLiteral("json")}));
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    const auto report = json::parse(outcome.out);
    ASSERT_TRUE(report) << outcome.out.substr(0, 400);
    EXPECT_EQ(json::text(*report, "kind"), "ProbeReport");
    EXPECT_EQ(json::number(*report, "coverage.planned"), json::number(*report, "coverage.conclusive"));
    const json::Value& endpoint = report->at("endpoints").at(0);
    EXPECT_EQ(json::text(endpoint, "conclusion"), "denies");
    EXPECT_EQ(json::number(endpoint, "positiveControl.status"), 200);
    EXPECT_EQ((outcome.out + outcome.err).find(m_keys.good), std::string::npos);
}

TEST_F(ProbeCommand, ExitsThreeWithFindings) {
    ScriptedServer server(lying(
        m_keys, [](const auto&) { return ScriptedServer::Reply{ScriptedServer::answer(200, R"({"choices":[]})")}; }));
    writeList(server.url());
    const Outcome junit = run(probeArguments({QStringLiteral("--checks"), QStringLiteral("no-credential,wrong-key"),
                                              QStringLiteral("-o"), QStringLiteral("junit")}));
    EXPECT_EQ(junit.code, 3);
    EXPECT_NE(junit.out.find("<failure message=\"REACHED"), std::string::npos);
    const Outcome table = run(probeArguments({QStringLiteral("--checks"), QStringLiteral("wrong-key")}));
    EXPECT_EQ(table.code, 3);
    EXPECT_NE(table.out.find("finding reached-with-wrong-key (high)"), std::string::npos);
}

TEST_F(ProbeCommand, ExitsFourWhereItCouldNotSee) {
    ScriptedServer server(
        lying(m_keys, [](const auto&) { return ScriptedServer::Reply{ScriptedServer::answer(500)}; }));
    writeList(server.url());
    EXPECT_EQ(run(probeArguments({QStringLiteral("--checks"), QStringLiteral("no-credential")})).code, 4);
    EXPECT_EQ(run(probeArguments({QStringLiteral("--checks"), QStringLiteral("no-credential"),
                                  QStringLiteral("--min-coverage"), QStringLiteral("0")}))
                  .code,
              0);
    writeList("http://127.0.0.1:1");
    EXPECT_EQ(run(probeArguments({})).code, 4) << "an endpoint that is not there passes nothing";
}

TEST_F(ProbeCommand, ExitsOneOrTwoWithOneSentence) {
    const auto oneSentence = [](const Outcome& outcome) {
        EXPECT_TRUE(outcome.out.empty());
        EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    };
    const Outcome missing = run({QStringLiteral("probe"), QStringLiteral("--endpoints"), QStringLiteral("/nowhere")});
    EXPECT_EQ(missing.code, 1);
    oneSentence(missing);
    writeList("http://127.0.0.1:1", "  colour: red\n");
    const Outcome unknown = run(probeArguments({}));
    EXPECT_EQ(unknown.code, 1);
    oneSentence(unknown);
    EXPECT_NE(unknown.err.find("endpoints[0].colour"), std::string::npos);
    writeList("http://127.0.0.1:1");
    const Outcome noCheck = run(probeArguments({QStringLiteral("--checks"), QStringLiteral("magic")}));
    EXPECT_EQ(noCheck.code, 1);
    EXPECT_NE(noCheck.err.find("no-credential, empty-credential"), std::string::npos);
    EXPECT_EQ(run(probeArguments({QStringLiteral("--rate"), QStringLiteral("fast")})).code != 0, true);
    EXPECT_EQ(run({QStringLiteral("probe")}).code, 2);
    EXPECT_EQ(run(probeArguments({QStringLiteral("-o"), QStringLiteral("pdf")})).code, 2);
}

TEST_F(ProbeCommand, InterruptKeepsWhatWasFound) {
    ScriptedServer server(honest(m_keys));
    writeList(server.url());
    QProcess process;
    QStringList arguments = probeArguments({QStringLiteral("-o"), QStringLiteral("json")});
    arguments.replaceInStrings(QStringLiteral("5000/s"), QStringLiteral("50/s"));
    start(process, arguments);
    QElapsedTimer waited;
    waited.start();
    while (server.requests().size() < 30 && waited.elapsed() < 20'000) {
        process.waitForReadyRead(50);
    }
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    waited.restart();
    const Outcome outcome = finish(process);
    EXPECT_LT(waited.elapsed(), 5'000);
    EXPECT_EQ(outcome.code, 4);
    const auto report = json::parse(outcome.out);
    ASSERT_TRUE(report) << outcome.err;
    EXPECT_TRUE(json::flag(*report, "run.cancelled"));
    EXPECT_GT(json::number(*report, "coverage.conclusive"), 5);
    EXPECT_LT(json::number(*report, "coverage.conclusive"), json::number(*report, "coverage.planned"));
}

TEST_F(ProbeCommand, InventoryReadsDumpsAndExitsByTheirFindings) {
    ASSERT_TRUE(files::writeAtomically(m_folder / "good.yaml",
                                       "apiVersion: gatehouse.dev/v1alpha1\nkind: Endpoint\nmetadata: {name: a, "
                                       "namespace: n}\nspec: {url: \"https://h.example\"}\n"));
    ASSERT_TRUE(files::writeAtomically(m_folder / "plain.yaml",
                                       "apiVersion: gatehouse.dev/v1alpha1\nkind: Endpoint\nmetadata: {name: b, "
                                       "namespace: n}\nspec: {url: \"http://h.example\"}\n"));
    const QString good = QString::fromStdString((m_folder / "good.yaml").string());
    const QString plain = QString::fromStdString((m_folder / "plain.yaml").string());
    const Outcome outcome =
        run({QStringLiteral("inventory"), QStringLiteral("-f"), good, QStringLiteral("-o"), QStringLiteral("json")});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    const auto inventory = json::parse(outcome.out);
    ASSERT_TRUE(inventory);
    EXPECT_EQ(json::text(*inventory, "kind"), "EndpointInventory");
    EXPECT_TRUE(inventory->at("endpoints").at(0).at("models").is_null());
    for (const char* form : {"table", "yaml", "csv", "md"}) {
        const Outcome shown = run({QStringLiteral("inventory"), QStringLiteral("-f"), good, QStringLiteral("-f"), plain,
                                   QStringLiteral("-o"), QString::fromLatin1(form)});
        EXPECT_EQ(shown.code, 3) << form;
        EXPECT_NE(shown.out.find("endpoint-plain-http"), std::string::npos) << form;
    }
    EXPECT_EQ(run({QStringLiteral("inventory"), QStringLiteral("-f"), QStringLiteral("/nowhere")}).code, 1);
}
