#include "core/evidence/artifacts/HtmlReport.h"

#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/evidence/Tables.h"
#include "core/evidence/artifacts/Documents.h"
#include "core/evidence/artifacts/HtmlParts.h"

#include <algorithm>
#include <map>

namespace gatehouse::evidence {
namespace {

/// More reasons than these would bury the page; all of them stand in README.md.
constexpr std::size_t MaxReasons = 12;
constexpr std::size_t MaxMatrixRows = 400;

std::string code(std::string_view text) {
    return text.empty() ? "–" : "<code>" + html(text) + "</code>";
}

std::string dash(std::string_view text) {
    return text.empty() ? "–" : html(text);
}

/// `path` is one of ours: letters, digits, dots, dashes and slashes only.
std::string link(const std::string& path, std::string_view text) {
    return "<a href=\"" + html(path) + "\">" + html(text) + "</a>";
}

std::string transcriptLink(const std::string& id, std::string_view text) {
    return id.empty() ? html(text) : link(transcriptPath(id), text);
}

/// The findings have a table of their own, so here only how many there are.
std::string reasonList(const EvidenceInputs& inputs, const Judgement& judgement) {
    std::vector<std::string> items;
    for (const std::string& reason : judgement.reasons) {
        if (!reason.starts_with("Finding ")) {
            items.push_back(html(reason));
        }
    }
    const std::size_t shown = std::min(items.size(), MaxReasons);
    std::string out;
    for (std::size_t i = 0; i < shown; ++i) {
        out += "<li>" + items[i] + "</li>";
    }
    if (items.size() > shown) {
        out += "<li>and " + std::to_string(items.size() - shown) + " more, all in " + link("README.md", "README.md") +
               "</li>";
    }
    if (const std::size_t findings = allFindings(inputs).size(); findings > 0) {
        out += "<li>" + counted(findings, "finding") + ", " + std::to_string(judgement.highFindings) +
               " of severity high; see below.</li>";
    }
    return out.empty() ? out : "<ul>" + out + "</ul>";
}

std::string cover(const EvidenceInputs& inputs, const Judgement& judgement) {
    const RunStamp& run = inputs.report.run;
    std::string out = "<header>\n<h1>Model endpoint authentication: evidence</h1>\n<p class=\"meta\">Installation " +
                      code(inputs.installation) + " · run " + code(run.id) + " · started " + toRfc3339(run.startedAt) +
                      " · pack made " + toRfc3339(inputs.madeAt) + " · " + html(run.toolName) + " " +
                      html(run.toolVersion) + "</p>\n</header>\n";
    const char* tone = judgement.outcome == Judgement::Outcome::Passed   ? "good"
                       : judgement.outcome == Judgement::Outcome::Warned ? "warn"
                                                                         : "bad";
    out += std::string("<section class=\"verdict ") + tone + "\">" + htmlBadge(word(judgement.outcome)) + " ";
    out += judgement.outcome == Judgement::Outcome::Passed
               ? "Evidence supports that every endpoint found refuses whoever has no valid credential for it."
           : judgement.outcome == Judgement::Outcome::Warned ? "Nothing got through, but not everything could be shown:"
                                                             : "At least one thing must be mended:";
    return out + reasonList(inputs, judgement) + "</section>\n";
}

std::string tiles(const EvidenceInputs& inputs, const Judgement& judgement) {
    const VerdictCounts counts = countVerdicts(inputs.report);
    const std::vector<AttributionRow> rows = attributionRows(inputs);
    const auto matched =
        std::count_if(rows.begin(), rows.end(), [](const AttributionRow& row) { return row.problem.empty(); });
    const double coverage = inputs.report.coverage();
    std::string out = "<div class=\"tiles\">\n<div class=\"tile\">" +
                      htmlRing(inputs.report.planned == 0 ? 0.0 : coverage, "coverage") +
                      "<span>coverage: " + std::to_string(inputs.report.conclusive) + " of " +
                      std::to_string(inputs.report.planned) + " planned checks conclusive</span></div>\n";
    out += htmlTile(std::to_string(inputs.inventory.endpoints.size()), "endpoints in the inventory", "");
    out += htmlTile(std::to_string(counts.denied + counts.absent), "requests refused or without a route",
                    counts.reached == 0 ? "good" : "");
    out += htmlTile(std::to_string(counts.reached), "requests that got through", counts.reached == 0 ? "good" : "bad");
    out += htmlTile(std::to_string(judgement.highFindings), "findings of severity high",
                    judgement.highFindings == 0 ? "good" : "bad");
    out += htmlTile(std::to_string(matched) + " / " + std::to_string(rows.size()),
                    "authenticated requests found in the access log",
                    !rows.empty() && static_cast<std::size_t>(matched) == rows.size() ? "good" : "warn");
    return out + "</div>\n";
}

std::string endpoints(const EvidenceInputs& inputs) {
    std::vector<Row> rows;
    for (const inventory::Endpoint& endpoint : inputs.inventory.endpoints) {
        const probe::EndpointReport* report = probed(inputs.report, endpoint);
        rows.push_back({code(endpoint.url) + "<br><small>" + html(sourceText(endpoint.source)) +
                            (endpoint.engineNote.empty() ? "" : " · " + html(endpoint.engineNote)) + "</small>",
                        html(modelsText(endpoint)),
                        htmlBadge(inventory::word(endpoint.authentication.required)) + "<br><small>" +
                            html(joined(endpoint.authentication.mechanisms)) + "</small>",
                        htmlBadge(probeText(inputs, endpoint)),
                        report == nullptr ? "–" : htmlVerdictBar(countVerdicts(*report))});
    }
    return "<h2>Endpoints</h2>\n<p>“Required” is what the configuration says, “probe” what requests of this run "
           "met.</p>\n" +
           htmlLegend() +
           htmlTable({"endpoint", "models", "required", "probe", "checks"}, rows, "No endpoint was found.");
}

std::string findings(const EvidenceInputs& inputs) {
    std::vector<Row> rows;
    for (const AnyFinding& finding : allFindings(inputs)) {
        std::string proof;
        for (std::size_t i = 0; i < std::min<std::size_t>(finding.files.size(), 5); ++i) {
            proof += (i == 0 ? "" : ", ") + link(finding.files[i], std::to_string(i + 1));
        }
        rows.push_back({htmlBadge(finding.severity),
                        "<code class=\"id\">" + html(finding.id) + "</code><br><small>" + finding.key() + "</small>",
                        code(finding.subject), html(finding.reason), proof.empty() ? "–" : proof});
    }
    return "<h2>Findings</h2>\n" + htmlTable({"severity", "finding", "where", "reason", "exchanges"}, rows, "None.");
}

/// The results of one check on one route, by verdict; a check of several forms has several.
using Cell = std::map<probe::Verdict, std::string>;

void addTo(Cell& cell, const probe::CheckResult& check) {
    const bool expected = check.verdict == probe::Verdict::Denied || check.verdict == probe::Verdict::Absent;
    std::string& text = cell[check.verdict];
    text += (text.empty() ? "" : " ") +
            transcriptLink(check.transcript, check.status ? std::to_string(*check.status) : "no answer") +
            (expected || check.variant.empty() ? "" : " " + html(check.variant));
}

std::string cellText(const Cell& cell) {
    std::string out;
    for (const auto& [verdict, text] : cell) {
        out += (out.empty() ? "" : "<br>") + htmlBadge(probe::word(verdict)) + " <small>" + text + "</small>";
    }
    return out.empty() ? "–" : out;
}

/// Routes down, checks across, for one endpoint.
std::string matrixOf(const probe::EndpointReport& endpoint, std::size_t& budget) {
    std::vector<std::string> checks;
    std::vector<std::string> routes;
    std::map<std::string, std::map<std::string, Cell>> cells;
    for (const probe::CheckResult& check : endpoint.checks) {
        if (std::find(checks.begin(), checks.end(), check.id) == checks.end()) {
            checks.push_back(check.id);
        }
        if (!cells.contains(check.route)) {
            routes.push_back(check.route);
        }
        addTo(cells[check.route][check.id], check);
    }
    Row header{"route"};
    for (const std::string& check : checks) {
        header.push_back(html(check));
    }
    std::vector<Row> rows;
    for (const std::string& route : routes) {
        if (budget == 0) {
            break;
        }
        --budget;
        Row row{code(route)};
        for (const std::string& check : checks) {
            row.push_back(cellText(cells[route][check]));
        }
        rows.push_back(std::move(row));
    }
    return htmlTable(header, rows, "No check was made or shown here; see the denial matrix file.");
}

std::string denials(const EvidenceInputs& inputs) {
    std::string out = "<h2>Denials</h2>\n<p>Each number is the HTTP status of one check of this run and leads to the "
                      "raw exchange.</p>\n";
    std::size_t budget = MaxMatrixRows;
    for (const probe::EndpointReport& endpoint : inputs.report.endpoints) {
        out += "<h3>" + html(endpoint.name) + " " + htmlBadge(probe::word(endpoint.conclusion)) +
               "</h3>\n<p class=\"meta\">" + code(endpoint.url) + " · engine " + dash(endpoint.engineName) + " " +
               html(endpoint.engineVersion) + (endpoint.note.empty() ? "" : " · " + html(endpoint.note));
        for (const probe::PositiveControl& control : endpoint.positiveControls) {
            out += " · positive control " +
                   transcriptLink(control.transcript, control.passed() ? "passed, " + std::to_string(*control.status)
                                                                       : "did not pass: " + control.reason);
        }
        out += "</p>\n" + matrixOf(endpoint, budget);
    }
    if (budget == 0) {
        out += "<p class=\"none\">Only the first " + std::to_string(MaxMatrixRows) + " routes are shown; all are in " +
               link(datedName(inputs.report.run, "denial-matrix", "json"), "the denial matrix") + ".</p>\n";
    }
    return out;
}

std::string attribution(const EvidenceInputs& inputs) {
    std::vector<Row> rows;
    for (const AttributionRow& row : attributionRows(inputs)) {
        const auto cell = [&row](const char* name) {
            return row.fact == nullptr ? std::string("–") : dash(logText(row.fact->line, name));
        };
        rows.push_back({html(row.endpoint->name), cell("tenant_id"), cell("user_id"), cell("model"),
                        cell("input_tokens") + " / " + cell("output_tokens"),
                        row.fact == nullptr ? "–" : code(logText(row.fact->line, "request_id")),
                        row.problem.empty() ? htmlBadge("yes") : html(row.problem)});
    }
    return "<h2>Tenant attribution</h2>\n<p>" +
           (inputs.accessLog.empty() ? "No access log was at hand in this run."
                                     : "Looked for in: " + html(inputs.accessLog) + ".") +
           "</p>\n" +
           htmlTable({"probed", "tenant", "user", "model", "tokens in / out", "request id", "attributed"}, rows,
                     "There was no authenticated request in this run.");
}

std::string keys(const EvidenceInputs& inputs) {
    std::vector<Row> rows;
    for (const KeyFact& key : inputs.keys) {
        rows.push_back({code(key.clientId), dash(key.owner), dash(key.tenant), dash(key.modelId), dash(key.createdAt),
                        key.expiresAt.empty() ? "never" : html(key.expiresAt), dash(key.state), code(key.fingerprint),
                        dash(key.note)});
    }
    return "<h2>Access keys</h2>\n" +
           htmlTable({"client id", "owner", "tenant", "model", "created", "expires", "state", "fingerprint", "note"},
                     rows, "The key register was not at hand or is empty.");
}

std::string openRoutes(const EvidenceInputs& inputs) {
    std::vector<Row> rows;
    for (const OpenRouteFact& fact : inputs.openRoutes) {
        rows.push_back({html(fact.endpoint), code(fact.route), htmlBadge(probe::word(fact.verdict)), dash(fact.reason),
                        dash(fact.owner), dash(fact.approver), dash(fact.expires)});
    }
    return "<h2>Routes that answered without a valid credential</h2>\n" +
           htmlTable({"endpoint", "route", "verdict", "reason", "owner", "approver", "expires"}, rows, "None.");
}

std::string notInspected(const EvidenceInputs& inputs) {
    std::vector<Row> rows;
    for (const inventory::NotInspected& item : inputs.inventory.notInspected) {
        rows.push_back({code(item.resource), html(item.reason)});
    }
    return "<h2>Not inspected</h2>\n" +
           htmlTable({"resource", "reason"}, rows, "Nothing that this run meant to look at was left out.");
}

class HtmlReportArtifact final : public Artifact {
public:
    [[nodiscard]] std::string name() const override { return "HTML report"; }

    [[nodiscard]] Files make(const EvidenceInputs& inputs) const override {
        const Judgement judgement = judge(inputs);
        std::string page = htmlHead("Evidence: model endpoint authentication, " + inputs.installation) +
                           cover(inputs, judgement) + tiles(inputs, judgement) + findings(inputs) + endpoints(inputs) +
                           denials(inputs) + attribution(inputs) + keys(inputs) + openRoutes(inputs) +
                           notInspected(inputs);
        page +=
            "<footer>This page shows what was observed at one time from one place; it is input for an assessment, not "
            "its result. It proves nothing by itself: verify the pack as " +
            link("README.md", "README.md") + " says.</footer>\n</body>\n</html>\n";
        return {{"report.html", std::move(page)}};
    }
};

} // namespace

std::unique_ptr<Artifact> makeHtmlReport() {
    return std::make_unique<HtmlReportArtifact>();
}

} // namespace gatehouse::evidence
