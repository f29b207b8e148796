#include "core/evidence/artifacts/EndpointInventory.h"

#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/evidence/Tables.h"
#include "core/evidence/artifacts/Documents.h"

namespace gatehouse::evidence {
namespace {

std::string findingIds(const inventory::Endpoint& endpoint) {
    std::vector<std::string> ids;
    for (const inventory::Finding& finding : endpoint.findings) {
        ids.push_back(finding.id + " (" + finding.severity + ")");
    }
    return joined(ids);
}

std::string enforcers(const inventory::Endpoint& endpoint) {
    std::vector<std::string> names;
    for (const inventory::ObjectReference& reference : endpoint.authentication.enforcedBy) {
        names.push_back(sourceText(reference));
    }
    return joined(names);
}

std::string orDash(const std::string& escaped) {
    return escaped.empty() ? "–" : escaped;
}

std::string markdownInventory(const EvidenceInputs& inputs) {
    std::vector<Row> rows;
    std::vector<Row> details;
    for (const inventory::Endpoint& endpoint : inputs.inventory.endpoints) {
        const inventory::Authentication& authentication = endpoint.authentication;
        rows.push_back({markdownCode(endpoint.id), markdownCode(endpoint.url), markdownCode(modelsText(endpoint)),
                        inventory::word(endpoint.reach), inventory::word(authentication.required),
                        orDash(markdown(joined(authentication.mechanisms))), probeText(inputs, endpoint)});
        details.push_back({markdownCode(endpoint.id), markdown(sourceText(endpoint.source)),
                           orDash(markdown(enforcers(endpoint))), markdown(authentication.reason),
                           orDash(markdown(findingIds(endpoint))), orDash(markdown(endpoint.engineNote))});
    }
    std::vector<Row> missed;
    for (const inventory::NotInspected& item : inputs.inventory.notInspected) {
        missed.push_back({markdownCode(item.resource), markdown(item.reason)});
    }
    return markdownHead(inputs, "Endpoint inventory") +
           "Every URL at which a model answers, as far as this run could look. \"Required\" is what the configuration "
           "says; \"probe\" is what requests of this run really met. The two are shown apart on purpose.\n\n" +
           markdownTable({"id", "URL", "models", "reach", "required", "mechanisms", "probe"}, rows,
                         "No endpoint was found.") +
           "\n## Where this comes from\n\n" +
           markdownTable({"id", "source", "enforced by", "reason", "findings", "note"}, details,
                         "No endpoint was found.") +
           "\n## Not inspected\n\n" +
           markdownTable({"resource", "reason"}, missed, "Nothing that this run meant to look at was left out.");
}

std::string csvInventory(const EvidenceInputs& inputs) {
    std::vector<Row> rows;
    for (const inventory::Endpoint& endpoint : inputs.inventory.endpoints) {
        rows.push_back({inputs.report.run.id, endpoint.id, endpoint.url, modelsText(endpoint),
                        inventory::word(endpoint.reach), inventory::word(endpoint.authentication.required),
                        joined(endpoint.authentication.mechanisms, " "), enforcers(endpoint),
                        sourceText(endpoint.source), probeText(inputs, endpoint), findingIds(endpoint),
                        endpoint.authentication.reason});
    }
    return csvTable({"run", "id", "url", "models", "reach", "authentication_required", "mechanisms", "enforced_by",
                     "source", "probe", "findings", "reason"},
                    rows);
}

class EndpointInventoryArtifact final : public Artifact {
public:
    [[nodiscard]] std::string name() const override { return "endpoint inventory"; }

    [[nodiscard]] Files make(const EvidenceInputs& inputs) const override {
        const RunStamp& run = inputs.report.run;
        return {{datedName(run, "endpoint-inventory", "md"), markdownInventory(inputs)},
                {datedName(run, "endpoint-inventory", "json"), document(inputs.inventory.toJson())},
                {datedName(run, "endpoint-inventory", "csv"), csvInventory(inputs)}};
    }
};

} // namespace

std::unique_ptr<Artifact> makeEndpointInventory() {
    return std::make_unique<EndpointInventoryArtifact>();
}

} // namespace gatehouse::evidence
