#include "core/evidence/artifacts/QuestionnaireAnswer.h"

#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/evidence/Tables.h"
#include "core/evidence/artifacts/Documents.h"

#include <algorithm>

namespace gatehouse::evidence {
namespace {

/// Quarterly refresh, with a week of grace.
constexpr std::chrono::hours RefreshAfter{24 * 92};

/// One sentence of the answer. `holds` is false for the honest sentence that stands in for the one hoped for.
struct Sentence {
    bool holds = false;
    std::string text;
    std::string evidence; ///< ids of the table at the end
};

std::string statusText(const std::set<int>& statuses) {
    std::vector<std::string> texts;
    for (const int status : statuses) {
        texts.push_back(std::to_string(status));
    }
    return joined(texts, " or ");
}

std::string names(const std::vector<std::string>& list) {
    std::vector<std::string> shown;
    for (const std::string& name : list) {
        if (shown.size() == 10) {
            shown.push_back("and " + std::to_string(list.size() - 10) + " more");
            break;
        }
        shown.push_back(markdownCode(name));
    }
    return joined(shown);
}

Sentence inventorySentence(const EvidenceInputs& inputs) {
    const std::size_t count = inputs.inventory.endpoints.size();
    if (count == 0) {
        return {false, "No model endpoint was found, so nothing can be said about any.", "[INV]"};
    }
    std::string text =
        "The inventory of " + markdownCode(inputs.installation) + " lists " + counted(count, "model endpoint") + ".";
    if (!inputs.inventory.notInspected.empty()) {
        return {false,
                text + " It may be incomplete: " + counted(inputs.inventory.notInspected.size(), "source") +
                    " could not be inspected.",
                "[INV]"};
    }
    return {true, text, "[INV]"};
}

Sentence requirementSentence(const EvidenceInputs& inputs) {
    std::vector<std::string> lacking;
    std::set<std::string> mechanisms;
    for (const inventory::Endpoint& endpoint : inputs.inventory.endpoints) {
        if (endpoint.authentication.required != inventory::Required::Yes) {
            lacking.push_back(endpoint.url);
        }
        mechanisms.insert(endpoint.authentication.mechanisms.begin(), endpoint.authentication.mechanisms.end());
    }
    if (inputs.inventory.endpoints.empty()) {
        return {false, "Whether endpoints require authentication was not assessed.", "[INV]"};
    }
    if (!lacking.empty()) {
        return {false,
                "It cannot be said that every endpoint requires authentication: for " + std::to_string(lacking.size()) +
                    " of " + std::to_string(inputs.inventory.endpoints.size()) +
                    " the configuration does not show it (" + names(lacking) + ").",
                "[INV] [CFG]"};
    }
    const std::string how = joined({mechanisms.begin(), mechanisms.end()});
    return {true,
            "The configuration read in this run requires authentication at every endpoint of the inventory" +
                (how.empty() ? std::string() : " (" + markdown(how) + ")") + ".",
            "[INV] [CFG]"};
}

std::vector<std::string> endpointsWith(const EvidenceInputs& inputs, probe::Conclusion conclusion) {
    std::vector<std::string> list;
    for (const probe::EndpointReport& endpoint : inputs.report.endpoints) {
        if (endpoint.conclusion == conclusion) {
            list.push_back(endpoint.name);
        }
    }
    return list;
}

Sentence denialSentence(const EvidenceInputs& inputs) {
    const probe::ProbeReport& report = inputs.report;
    if (report.endpoints.empty()) {
        return {false, "Whether unauthenticated requests are denied was not tested in this run.", "[DEN]"};
    }
    const VerdictCounts counts = countVerdicts(report);
    const std::vector<std::string> reached = endpointsWith(inputs, probe::Conclusion::Reached);
    if (!reached.empty() || counts.reached > 0) {
        return {false,
                "It cannot be said that unauthenticated requests are denied: " + counted(counts.reached, "request") +
                    " without a valid credential got through, at " + names(reached) + ".",
                "[DEN] [PUB]"};
    }
    const std::vector<std::string> open = endpointsWith(inputs, probe::Conclusion::Inconclusive);
    const std::vector<const inventory::Endpoint*> unprobed = notProbed(inputs);
    if (!open.empty() || report.conclusive < report.planned || report.cancelled || !unprobed.empty()) {
        std::string why = "conclusive answers came for " + std::to_string(report.conclusive) + " of " +
                          counted(report.planned, "planned request");
        if (!open.empty()) {
            why += "; inconclusive: " + names(open);
        }
        if (!unprobed.empty()) {
            why += "; " + counted(unprobed.size(), "endpoint") + " of the inventory not probed";
        }
        return {false,
                "Evidence supports only in part that unauthenticated requests are denied: " + why +
                    (report.cancelled ? "; the run was cancelled" : "") + ".",
                "[DEN] [POS]"};
    }
    return {true,
            "In this run " + std::to_string(counts.denied) +
                " requests without a valid credential were refused with HTTP " + statusText(deniedStatuses(report)) +
                (counts.absent > 0 ? ", " + std::to_string(counts.absent) + " met no route," : "") +
                " and none got through, at each of " + counted(report.endpoints.size(), "probed endpoint") +
                "; at each of them a request with a valid credential was answered in the same run.",
            "[DEN] [SMP] [POS]"};
}

Sentence attributionSentence(const EvidenceInputs& inputs) {
    const std::vector<AttributionRow> rows = attributionRows(inputs);
    const auto matched = static_cast<std::size_t>(
        std::count_if(rows.begin(), rows.end(), [](const AttributionRow& row) { return row.problem.empty(); }));
    if (inputs.accessLog.empty() || rows.empty()) {
        return {false,
                std::string("Whether requests are attributed to a tenant was not assessed: ") +
                    (rows.empty() ? "there was no authenticated request in this run." : "no access log was at hand."),
                "[ATT]"};
    }
    if (matched < rows.size()) {
        return {false,
                "Evidence supports only in part that requests are attributed to a tenant: " + std::to_string(matched) +
                    " of " + counted(rows.size(), "authenticated request") +
                    " could be matched to a complete log line.",
                "[ATT]"};
    }
    return {true,
            "Each of the " + counted(rows.size(), "authenticated request") +
                " of this run stands in the access log with its tenant, user, model, token counts and request id.",
            "[ATT] [POS]"};
}

Sentence openRouteSentence(const EvidenceInputs& inputs) {
    if (inputs.report.endpoints.empty()) {
        return {false, "Routes that are open without authentication were not looked for.", "[PUB]"};
    }
    const std::size_t declared = countVerdicts(inputs.report).open;
    return {true,
            declared == 0 ? "No route is declared as open without authentication."
                          : counted(declared, "check") +
                                " met a route that its owner declared open, with a reason and an expiry.",
            "[PUB]"};
}

Sentence keySentence(const EvidenceInputs& inputs) {
    if (inputs.keys.empty()) {
        return {false, "The key register was not at hand or is empty; access keys were not assessed.", "[KEY]"};
    }
    std::size_t endless = 0;
    std::size_t noted = 0;
    for (const KeyFact& key : inputs.keys) {
        endless += key.expiresAt.empty() ? 1 : 0;
        noted += key.note.empty() ? 0 : 1;
    }
    return {noted == 0,
            "The register holds " + counted(inputs.keys.size(), "key") +
                ", each with an owner and a model; without an expiry: " + std::to_string(endless) +
                "; with a remark that somebody should read: " + std::to_string(noted) + ".",
            "[KEY]"};
}

Sentence ageSentence(const EvidenceInputs& inputs) {
    const std::string when = toIsoDate(inputs.report.finishedAt);
    if (judge(inputs).stale) {
        return {false,
                "The results are of " + toRfc3339(inputs.report.finishedAt) +
                    ", older than they should be for this pack: repeat the run before relying on the sentences above.",
                "[DEN]"};
    }
    return {true,
            "All results are of one run on " + when + "; they should be renewed by " +
                toIsoDate(inputs.report.finishedAt + RefreshAfter) + ".",
            "[INV] [DEN]"};
}

std::string evidenceTable(const EvidenceInputs& inputs) {
    const RunStamp& run = inputs.report.run;
    const std::vector<Row> rows{
        {"INV", markdownCode(datedName(run, "endpoint-inventory", "md")), "endpoint inventory"},
        {"CFG", markdownCode(datedName(run, "gateway-auth-config", "json")), "configuration that enforces it"},
        {"DEN", markdownCode(datedName(run, "denial-matrix", "json")), "every check with its verdict"},
        {"SMP", markdownCode(datedName(run, "denied-request-sample", "txt")), "one refused exchange for each endpoint"},
        {"POS", markdownCode("transcripts/"), "raw exchanges, positive controls among them"},
        {"ATT", markdownCode(datedName(run, "tenant-attribution", "md")), "log line of each authenticated request"},
        {"KEY", markdownCode(datedName(run, "access-keys", "json")), "key register without values"},
        {"PUB", markdownCode(datedName(run, "open-routes", "md")), "routes open without authentication"}};
    return markdownTable({"id", "file", "what"}, rows, "");
}

std::string answer(const EvidenceInputs& inputs) {
    const Sentence sentences[] = {inventorySentence(inputs),   requirementSentence(inputs), denialSentence(inputs),
                                  attributionSentence(inputs), openRouteSentence(inputs),   keySentence(inputs),
                                  ageSentence(inputs)};
    std::string text = markdownHead(inputs, "Questionnaire answer: model endpoint authentication");
    text +=
        "A draft made from the results of one run, for a person to review. Each sentence names the evidence it rests "
        "on. Where a result is missing, failed or stale, the sentence says so and is marked **open**.\n\n";
    for (const Sentence& sentence : sentences) {
        text +=
            std::string("- ") + (sentence.holds ? "" : "**open** – ") + sentence.text + " " + sentence.evidence + "\n";
    }
    return text +
           "\n## For a person to complete\n\n"
           "- Calls from this organisation to a provider's own endpoints (which credentials, from where): not "
           "assessed.\n"
           "- Network exposure of the model servers behind the gateway, beyond the endpoints probed: not assessed.\n"
           "- Owner of the control, residual risk, exceptions: not filled in by a tool.\n\n"
           "## Evidence\n\n" +
           evidenceTable(inputs);
}

class QuestionnaireAnswerArtifact final : public Artifact {
public:
    [[nodiscard]] std::string name() const override { return "questionnaire answer"; }

    [[nodiscard]] Files make(const EvidenceInputs& inputs) const override {
        return {{datedName(inputs.report.run, "questionnaire-answer", "md"), answer(inputs)}};
    }
};

} // namespace

std::unique_ptr<Artifact> makeQuestionnaireAnswer() {
    return std::make_unique<QuestionnaireAnswerArtifact>();
}

} // namespace gatehouse::evidence
