#include "core/evidence/artifacts/ReadMe.h"

#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/evidence/Tables.h"
#include "core/evidence/artifacts/Documents.h"

namespace gatehouse::evidence {
namespace {

std::string contents(const EvidenceInputs& inputs) {
    const RunStamp& run = inputs.report.run;
    const auto dated = [&run](const char* stem, const char* extension) {
        return markdownCode(datedName(run, stem, extension));
    };
    const std::vector<Row> rows{
        {markdownCode("report.html"), "one page to read first"},
        {dated("questionnaire-answer", "md"), "sentences for a questionnaire, each with its evidence"},
        {dated("endpoint-inventory", "md") + ", `.json`, `.csv`", "every model endpoint and what protects it"},
        {dated("gateway-auth-config", "json"), "the configuration that enforces authentication, secrets removed"},
        {dated("denied-request-sample", "txt"), "one refused exchange for each endpoint, with its positive control"},
        {dated("denial-matrix", "json"), "every check of the run with its verdict"},
        {dated("tenant-attribution", "md") + ", `.json`", "each authenticated request and its access-log line"},
        {dated("access-keys", "json"), "the key register, never a value"},
        {dated("open-routes", "md"), "routes that answer without authentication"},
        {markdownCode("transcripts/"), "every exchange of the run, secrets cut out"},
        {markdownCode("junit.xml"), "the checks as test cases"},
        {markdownCode("chain.json"), "which pack this one follows"},
        {markdownCode("manifest.json"), "every file above with size and SHA-256"},
        {markdownCode("attestation.sigstore.json"), "the signature over manifest.json"}};
    return markdownTable({"file", "what"}, rows, "");
}

std::string howToVerify() {
    return "## How to verify it\n\n"
           "You need the signer's public key. Get it from the signer by another way; a key that came with the pack "
           "proves "
           "nothing. No network is needed.\n\n"
           "With our tool, which checks every byte of every file, and that nothing is missing and nothing was "
           "added:\n\n"
           "```\ngatehouse-agent evidence verify . --key signer.pub\n```\n\n"
           "With cosign 3, for the signature, and coreutils and jq for the files it covers:\n\n"
           "```\ncosign verify-blob-attestation --key signer.pub --insecure-ignore-tlog \\\n"
           "  --type https://in-toto.io/attestation/test-result/v0.1 \\\n"
           "  --bundle attestation.sigstore.json manifest.json\n"
           "jq -r '.files[] | .sha256 + \"  \" + .path' manifest.json | sha256sum --check --strict\n```\n\n"
           "`--insecure-ignore-tlog` only means that the signature was not published in a public log: a pack holds "
           "internal names.\nThe second way does not notice files that were added beside the listed ones.\n\n";
}

std::string howToRead() {
    return "## How to read the verdicts\n\n" +
           markdownTable({"verdict", "meaning"},
                         {{"DENIED", "refused by an authentication layer, while a valid credential was answered in the "
                                     "same run"},
                          {"ABSENT", "there is no such route"},
                          {"PUBLIC", "answered without authentication, as its owner declared"},
                          {"REACHED", "answered without authentication, and nobody declared it: a finding"},
                          {"INCONCLUSIVE", "no answer that proves anything; never counted as a pass"},
                          {"NOTED", "recorded only"}},
                         "") +
           "\nThis pack shows what was observed at one time from one place. It is input for an assessment, not its "
           "result.\n";
}

class ReadMeArtifact final : public Artifact {
public:
    [[nodiscard]] std::string name() const override { return "read me"; }

    [[nodiscard]] Files make(const EvidenceInputs& inputs) const override {
        const Judgement judgement = judge(inputs);
        std::string text = markdownHead(inputs, "Evidence package: model endpoint authentication");
        text += std::string("Result of the run: **") + word(judgement.outcome) + "**\n\n";
        for (const std::string& reason : judgement.reasons) {
            text += "- " + markdown(reason) + "\n";
        }
        text += (judgement.reasons.empty() ? "" : "\n") + std::string("## What is in it\n\n") + contents(inputs) +
                "\n" + howToVerify() + howToRead();
        return {{"README.md", std::move(text)}};
    }
};

} // namespace

std::unique_ptr<Artifact> makeReadMe() {
    return std::make_unique<ReadMeArtifact>();
}

} // namespace gatehouse::evidence
