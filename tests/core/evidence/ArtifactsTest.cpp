#include "core/evidence/Escape.h"
#include "core/evidence/EvidenceBundle.h"
#include "core/signing/PackRules.h"
#include "tests/support/EvidenceFixture.h"

#include <gtest/gtest.h>
#include <regex>

namespace gatehouse::evidence {
namespace {

Files filesOf(const EvidenceInputs& inputs) {
    const Result<EvidenceBundle> bundle = assemble(inputs);
    EXPECT_TRUE(bundle) << (bundle ? "" : bundle.error().describe());
    return bundle ? bundle->files : Files();
}

TEST(Artifacts, HaveTheNamesThatPeopleExpect) {
    const Files files = filesOf(test::goodInputs());
    for (const char* name :
         {"endpoint-inventory-2026-05-15.md", "endpoint-inventory-2026-05-15.json", "endpoint-inventory-2026-05-15.csv",
          "gateway-auth-config-2026-05-15.json", "denied-request-sample-2026-05-15.txt",
          "denial-matrix-2026-05-15.json", "tenant-attribution-2026-05-15.md", "tenant-attribution-2026-05-15.json",
          "access-keys-2026-05-15.json", "open-routes-2026-05-15.md", "questionnaire-answer-2026-05-15.md",
          "report.html", "README.md", "chain.json", "transcripts/chat-a/no-credential/post--v1-chat-completions.txt"}) {
        EXPECT_TRUE(files.contains(name)) << name;
    }
}

TEST(Artifacts, SameInputsSameBytes) {
    EXPECT_EQ(filesOf(test::hostileInputs()), filesOf(test::hostileInputs()));
}

TEST(Artifacts, EachCarriesTheRunId) {
    for (const auto& [path, content] : filesOf(test::openInputs())) {
        EXPECT_NE(content.find(test::fixedRun().id), std::string::npos) << path;
    }
}

TEST(Artifacts, MixedRunsAreRefused) {
    EvidenceInputs inputs = test::goodInputs();
    inputs.inventory.run.id = "another";
    const Result<EvidenceBundle> bundle = assemble(inputs);
    ASSERT_FALSE(bundle);
    EXPECT_EQ(bundle.error().kind, ErrorKind::Invalid);
}

TEST(Artifacts, JsonIsValidWhateverStandsInIt) {
    for (const auto& [path, content] : filesOf(test::hostileInputs())) {
        if (path.ends_with(".json")) {
            const Result<json::Value> value = json::parse(content);
            EXPECT_TRUE(value) << path << ": " << (value ? "" : value.error().describe());
        }
        EXPECT_EQ(validUtf8(content), content) << path;
        EXPECT_EQ(signing::pathProblem(path), "") << path;
    }
}

/// Nothing that the documents did not write themselves may look like a tag.
TEST(Artifacts, HtmlHoldsNoForeignMarkup) {
    const std::string page = filesOf(test::hostileInputs())["report.html"];
    for (const char* forbidden : {"<script", "<img", "onerror=alert(2)>", "javascript:alert(3)\"",
                                  "http-equiv=\"refresh", "<iframe", "\x1b", "\xE2\x80\xAE"}) {
        EXPECT_EQ(page.find(forbidden), std::string::npos) << forbidden;
    }
    EXPECT_NE(page.find("&lt;script&gt;alert(1)"), std::string::npos);
    for (std::size_t at = page.find("href=\""); at != std::string::npos; at = page.find("href=\"", at + 1)) {
        const std::string target = page.substr(at + 6, page.find('"', at + 6) - at - 6);
        EXPECT_TRUE(target == "README.md" || target.starts_with("denial-matrix-") || target.starts_with("transcripts/"))
            << target;
    }
}

TEST(Artifacts, MarkdownTablesKeepTheirShape) {
    for (const auto& [path, content] : filesOf(test::hostileInputs())) {
        if (!path.ends_with(".md")) {
            continue;
        }
        std::size_t expected = 0;
        std::size_t start = 0;
        for (std::size_t end = content.find('\n'); end != std::string::npos; end = content.find('\n', start)) {
            const std::string line = content.substr(start, end - start);
            start = end + 1;
            std::size_t bars = 0;
            for (const char c : line) {
                bars += c == '|' ? 1 : 0;
            }
            const bool inTable = line.starts_with("| ");
            if (inTable && expected != 0) {
                EXPECT_EQ(bars, expected) << path << ": " << line;
            }
            expected = inTable ? bars : 0;
        }
        const std::string plain = std::regex_replace(content, std::regex("`[^`\n]*`"), "");
        for (const char* markup : {R"(([^\\])<(script|img|/td|!--))", R"(([^\\])\]\((javascript|http))"}) {
            EXPECT_FALSE(std::regex_search(plain, std::regex(markup))) << path << ": " << markup;
        }
        EXPECT_EQ(content.find("\n# heading"), std::string::npos) << path;
    }
}

TEST(Artifacts, CsvHasOneRecordForEachEndpointAndNoFormula) {
    const EvidenceInputs inputs = test::hostileInputs();
    const std::string csv = filesOf(inputs)["endpoint-inventory-2026-05-15.csv"];
    std::size_t records = 0;
    std::vector<std::string> cells{""};
    bool quoted = false;
    for (std::size_t i = 0; i < csv.size(); ++i) {
        if (csv[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && (csv[i] == ',' || csv[i] == '\n')) {
            records += csv[i] == '\n' ? 1 : 0;
            cells.emplace_back();
        } else if (csv[i] != '\r') {
            cells.back() += csv[i];
        }
    }
    EXPECT_EQ(records, inputs.inventory.endpoints.size() + 1);
    for (const std::string& cell : cells) {
        EXPECT_TRUE(cell.empty() || std::string("=+-@").find(cell.front()) == std::string::npos) << cell;
    }
}

TEST(Artifacts, DenialMatrixNamesTranscriptsThatAreInThePack) {
    const Files files = filesOf(test::openInputs());
    const Result<json::Value> value = json::parse(files.at("denial-matrix-2026-05-15.json"));
    ASSERT_TRUE(value);
    const Result<probe::ProbeReport> report = probe::ProbeReport::fromJson(*value);
    ASSERT_TRUE(report) << report.error().describe();
    std::size_t named = 0;
    for (const probe::EndpointReport& endpoint : report->endpoints) {
        for (const probe::CheckResult& check : endpoint.checks) {
            EXPECT_TRUE(files.contains(check.transcript)) << check.transcript;
            ++named;
        }
    }
    EXPECT_EQ(named, 21U);
    EXPECT_TRUE(files.contains(report->findings.at(0).transcripts.at(0)));
}

TEST(Artifacts, SampleShowsTheRefusalBesideThePositiveControl) {
    const std::string text = filesOf(test::goodInputs())["denied-request-sample-2026-05-15.txt"];
    const std::size_t endpoint = text.find("endpoint:     chat-a");
    const std::size_t refused = text.find("HTTP/1.1 401", endpoint);
    const std::size_t control = text.find("POSITIVE CONTROL", endpoint);
    const std::size_t answered = text.find("HTTP/1.1 200", control);
    ASSERT_NE(endpoint, std::string::npos);
    EXPECT_LT(refused, control);
    EXPECT_LT(control, answered);
    EXPECT_LT(answered, text.find("endpoint:     chat-b"));
    EXPECT_NE(text.find("<redacted:35 bytes>"), std::string::npos);
}

std::string answerOf(const EvidenceInputs& inputs) {
    return filesOf(inputs)["questionnaire-answer-2026-05-15.md"];
}

TEST(Questionnaire, EverySentenceNamesItsEvidence) {
    const std::string text = answerOf(test::openInputs());
    std::size_t sentences = 0;
    const std::size_t end = text.find("## For a person");
    for (std::size_t at = text.find("\n- "); at < end; at = text.find("\n- ", at + 1)) {
        const std::string line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
        EXPECT_TRUE(line.ends_with("]")) << line;
        ++sentences;
    }
    EXPECT_EQ(sentences, 7U);
}

TEST(Questionnaire, GoodResultsHaveNoOpenSentence) {
    const std::string text = answerOf(test::goodInputs());
    EXPECT_EQ(text.find("**open** – "), std::string::npos) << text;
    EXPECT_NE(text.find("refused with HTTP 401 or 403"), std::string::npos);
    for (const char* word : {"satisfied", "compliant", "compliance package", "guarantee"}) {
        EXPECT_EQ(text.find(word), std::string::npos) << word;
    }
}

TEST(Questionnaire, TurnsHonestWhenAResultIsMissingStaleOrFailed) {
    EXPECT_NE(
        answerOf(test::openInputs()).find("It cannot be said that unauthenticated requests are denied: 1 request "),
        std::string::npos);
    EvidenceInputs inputs = test::goodInputs();
    inputs.report.endpoints[0].conclusion = probe::Conclusion::Inconclusive;
    inputs.report.endpoints[0].positiveControls.clear();
    EXPECT_NE(answerOf(inputs).find("supports only in part that unauthenticated"), std::string::npos);
    inputs = test::goodInputs();
    inputs.accessLog.clear();
    EXPECT_NE(answerOf(inputs).find("attributed to a tenant was not assessed"), std::string::npos);
    inputs = test::goodInputs();
    inputs.madeAt = inputs.report.finishedAt + std::chrono::hours(240);
    EXPECT_NE(answerOf(inputs).find("repeat the run before relying"), std::string::npos);
    inputs = test::goodInputs();
    inputs.inventory.endpoints[0].authentication.required = inventory::Required::Unknown;
    EXPECT_NE(answerOf(inputs).find("It cannot be said that every endpoint requires authentication"),
              std::string::npos);
    inputs = test::goodInputs();
    inputs.keys.clear();
    EXPECT_NE(answerOf(inputs).find("access keys were not assessed"), std::string::npos);
}

TEST(Predicate, SaysWhatTheJudgementSays) {
    const Result<EvidenceBundle> good = assemble(test::goodInputs());
    EXPECT_EQ(json::text(good->predicate, "result"), "PASSED");
    EXPECT_EQ(good->predicate.at("failedTests").get_array().size(), 0U);
    EXPECT_EQ(good->predicate.at("passedTests").get_array().size(), 8U);
    EXPECT_EQ(good->predicate.at("configuration").get_array().size(), 2U);
    const Result<EvidenceBundle> open = assemble(test::openInputs());
    EXPECT_EQ(json::text(open->predicate, "result"), "FAILED");
    EXPECT_EQ(open->predicate.at("failedTests"), json::Value(json::Array{"raw-vllm/no-credential"}));
}

TEST(Chain, NamesThePackBefore) {
    EvidenceInputs inputs = test::goodInputs();
    EXPECT_TRUE(json::parse(filesOf(inputs)["chain.json"])->at("previous").is_null());
    inputs.previous = ChainLink{"run-1", "2026-02-15T00:00:00Z", std::string(64, 'b'), 4};
    const json::Value chain = *json::parse(filesOf(inputs)["chain.json"]);
    EXPECT_EQ(json::number(chain, "sequence"), 5);
    EXPECT_EQ(json::text(chain, "previous.manifestSha256"), std::string(64, 'b'));
}

TEST(TranscriptPath, IsAlwaysAPathThatAPackMayHave) {
    EXPECT_EQ(transcriptPath("chat-a/no-credential/get-v1-models-1"),
              "transcripts/chat-a/no-credential/get-v1-models-1.txt");
    for (const std::string& id :
         {std::string("../../etc/passwd"), std::string("/etc/x"), std::string("A/b"), std::string(""),
          std::string("a//b"), std::string("a/.hidden"), std::string("a.txt/b"), std::string(5000, 'x'),
          std::string("a/b\\c"), std::string("x/\xC3\xA9")}) {
        EXPECT_EQ(signing::pathProblem(transcriptPath(id)), "") << id;
        EXPECT_TRUE(transcriptPath(id).starts_with("transcripts/other/")) << id;
    }
    EXPECT_NE(transcriptPath("A"), transcriptPath("a"));
    EXPECT_NE(transcriptPath("A"), transcriptPath("B"));
}

} // namespace
} // namespace gatehouse::evidence
