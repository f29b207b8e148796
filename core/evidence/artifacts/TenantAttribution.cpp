#include "core/evidence/artifacts/TenantAttribution.h"

#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/evidence/Tables.h"
#include "core/evidence/artifacts/Documents.h"

namespace gatehouse::evidence {
namespace {

constexpr const char* LogMembers[] = {"ts",           "tenant_id",     "user_id",    "endpoint", "model",
                                      "input_tokens", "output_tokens", "request_id", "status"};

std::size_t attributed(const std::vector<AttributionRow>& rows) {
    std::size_t count = 0;
    for (const AttributionRow& row : rows) {
        count += row.problem.empty() ? 1 : 0;
    }
    return count;
}

std::string markdownAttribution(const EvidenceInputs& inputs, const std::vector<AttributionRow>& rows) {
    std::vector<Row> matched;
    std::vector<Row> unmatched;
    for (const AttributionRow& row : rows) {
        const std::string transcript =
            row.control->transcript.empty() ? "–" : markdownCode(transcriptPath(row.control->transcript));
        if (!row.problem.empty()) {
            unmatched.push_back({markdownCode(row.endpoint->name), markdown(row.problem), transcript});
            continue;
        }
        Row cells{markdownCode(row.endpoint->name)};
        for (const char* name : LogMembers) {
            cells.push_back(markdownCode(logText(row.fact->line, name)));
        }
        cells.push_back(transcript);
        matched.push_back(std::move(cells));
    }
    const std::string where = inputs.accessLog.empty() ? "No access log was at hand in this run."
                                                       : "Looked for in: " + markdown(inputs.accessLog) + ".";
    return markdownHead(inputs, "Tenant attribution") +
           "Each request of this run that carried a valid credential, and the line of the access log with the same "
           "request id. " +
           where + " " + std::to_string(attributed(rows)) + " of " + counted(rows.size(), "authenticated request") +
           " could be matched to a complete line.\n\n" +
           markdownTable({"probed", "ts", "tenant_id", "user_id", "endpoint", "model", "input_tokens", "output_tokens",
                          "request_id", "status", "transcript"},
                         matched, "None could be matched.") +
           "\n## Could not be matched\n\n" +
           markdownTable({"endpoint", "why", "transcript"}, unmatched,
                         rows.empty() ? "There was no authenticated request in this run, so nothing is shown here."
                                      : "None.");
}

std::string jsonAttribution(const EvidenceInputs& inputs, const std::vector<AttributionRow>& rows) {
    json::Array list;
    for (const AttributionRow& row : rows) {
        json::Object item{{"endpoint", row.endpoint->name},
                          {"at", toRfc3339Millis(row.control->at)},
                          {"attributed", row.problem.empty()},
                          {"reason", row.problem}};
        item["transcript"] = row.control->transcript.empty() ? json::Value(nullptr)
                                                             : json::Value(transcriptPath(row.control->transcript));
        item["line"] = row.fact == nullptr ? json::Value(nullptr) : json::Value(row.fact->line);
        list.push_back(std::move(item));
    }
    json::Object object = jsonHead(inputs, "TenantAttribution");
    object["accessLog"] = inputs.accessLog.empty() ? json::Value(nullptr) : json::Value(inputs.accessLog);
    object["authenticatedRequests"] = rows.size();
    object["attributed"] = attributed(rows);
    object["requests"] = std::move(list);
    return document(object);
}

class TenantAttributionArtifact final : public Artifact {
public:
    [[nodiscard]] std::string name() const override { return "tenant attribution"; }

    [[nodiscard]] Files make(const EvidenceInputs& inputs) const override {
        const std::vector<AttributionRow> rows = attributionRows(inputs);
        const RunStamp& run = inputs.report.run;
        return {{datedName(run, "tenant-attribution", "md"), markdownAttribution(inputs, rows)},
                {datedName(run, "tenant-attribution", "json"), jsonAttribution(inputs, rows)}};
    }
};

} // namespace

std::unique_ptr<Artifact> makeTenantAttribution() {
    return std::make_unique<TenantAttributionArtifact>();
}

} // namespace gatehouse::evidence
