#include "core/evidence/artifacts/DeniedRequestSample.h"

#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/evidence/artifacts/Documents.h"

namespace gatehouse::evidence {
namespace {

const std::string Rule(100, '=');
const std::string ThinRule(100, '-');

std::string heading(const EvidenceInputs& inputs) {
    const RunStamp& run = inputs.report.run;
    return "Denied request sample\n\nrun:          " + visible(run.id) + "\nstarted:      " + toRfc3339(run.startedAt) +
           "\ninstallation: " + visible(inputs.installation) + "\nmade by:      " + visible(run.toolName) + " " +
           visible(run.toolVersion) +
           "\n\nFor each endpoint one request that was refused, and beside it one request that carries a valid "
           "credential "
           "and\nwas answered: so the refusal is about the credential. Every other exchange of the run lies in "
           "transcripts/.\nSecrets are cut out; where they stood and how long they were is noted. Bytes that are not "
           "printable are\nwritten \\xNN.\n\n";
}

/// The refused request that says most: without any credential, on a route that runs a model.
const probe::CheckResult* sample(const probe::EndpointReport& endpoint) {
    const probe::CheckResult* best = nullptr;
    int bestScore = -1;
    for (const probe::CheckResult& check : endpoint.checks) {
        if (check.verdict != probe::Verdict::Denied || check.transcript.empty()) {
            continue;
        }
        const int score = (check.id == "no-credential" ? 4 : 0) + (check.route.starts_with("POST ") ? 2 : 0) +
                          (check.route.find("chat/completions") != std::string::npos ? 1 : 0);
        if (score > bestScore) {
            best = &check;
            bestScore = score;
        }
    }
    return best;
}

std::string exchange(const EvidenceInputs& inputs, const std::string& transcript) {
    const auto found = inputs.report.transcripts.find(transcript);
    return found == inputs.report.transcripts.end()
               ? "(the transcript is not at hand)\n"
               : "file: " + transcriptPath(transcript) + "\n\n" + visibleLines(found->second.toText());
}

const probe::PositiveControl* control(const probe::EndpointReport& endpoint) {
    for (const probe::PositiveControl& candidate : endpoint.positiveControls) {
        if (candidate.passed()) {
            return &candidate;
        }
    }
    return endpoint.positiveControls.empty() ? nullptr : &endpoint.positiveControls.front();
}

std::string section(const EvidenceInputs& inputs, const probe::EndpointReport& endpoint) {
    const VerdictCounts counts = countVerdicts(endpoint);
    std::string text = Rule + "\nendpoint:     " + visible(endpoint.name) + "\nurl:          " + visible(endpoint.url) +
                       "\nconclusion:   " + probe::word(endpoint.conclusion) + " (" + std::to_string(counts.denied) +
                       " denied, " + std::to_string(counts.absent) + " absent, " + std::to_string(counts.open) +
                       " public, " + std::to_string(counts.reached) + " reached, " +
                       std::to_string(counts.inconclusive) + " inconclusive)\n" +
                       (endpoint.note.empty() ? "" : "note:         " + visible(endpoint.note) + "\n") + Rule + "\n\n";
    const probe::CheckResult* denied = sample(endpoint);
    text += "REFUSED REQUEST\n";
    if (denied == nullptr) {
        text += "No request to this endpoint was refused in this run.\n\n";
    } else {
        text += "check:        " + visible(checkName(*denied)) + "\nroute:        " + visible(denied->route) +
                "\nstatus:       " + (denied->status ? std::to_string(*denied->status) : "none") +
                "\nrefused by:   " + probe::word(denied->deniedBy) + "\nwhy:          " + visible(denied->reason) +
                "\n" + exchange(inputs, denied->transcript) + "\n";
    }
    text += ThinRule + "\nPOSITIVE CONTROL\n";
    const probe::PositiveControl* positive = control(endpoint);
    if (positive == nullptr || !positive->passed()) {
        text += "There is none that passed" +
                (positive == nullptr || positive->reason.empty() ? std::string() : ": " + visible(positive->reason)) +
                ". Without it the refusal above proves little.\n";
    }
    if (positive != nullptr && !positive->transcript.empty()) {
        text += "status:       " + (positive->status ? std::to_string(*positive->status) : "none") +
                "\nmodel:        " + visible(positive->model) + "\n" + exchange(inputs, positive->transcript);
    }
    return text + "\n";
}

class DeniedRequestSampleArtifact final : public Artifact {
public:
    [[nodiscard]] std::string name() const override { return "denied request sample"; }

    [[nodiscard]] Files make(const EvidenceInputs& inputs) const override {
        std::string text = heading(inputs);
        for (const probe::EndpointReport& endpoint : inputs.report.endpoints) {
            text += section(inputs, endpoint);
        }
        if (inputs.report.endpoints.empty()) {
            text += "No endpoint was probed in this run, so there is no sample.\n";
        }
        return {{datedName(inputs.report.run, "denied-request-sample", "txt"), text}};
    }
};

} // namespace

std::unique_ptr<Artifact> makeDeniedRequestSample() {
    return std::make_unique<DeniedRequestSampleArtifact>();
}

} // namespace gatehouse::evidence
