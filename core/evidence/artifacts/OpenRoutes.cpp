#include "core/evidence/artifacts/OpenRoutes.h"

#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/evidence/Tables.h"
#include "core/evidence/artifacts/Documents.h"

namespace gatehouse::evidence {
namespace {

/// What the probe reached without any entry in the register.
std::string reachedList(const EvidenceInputs& inputs) {
    std::vector<Row> rows;
    for (const probe::EndpointReport& endpoint : inputs.report.endpoints) {
        for (const probe::CheckResult& check : endpoint.checks) {
            if (check.verdict == probe::Verdict::Reached) {
                rows.push_back({markdownCode(endpoint.name), markdownCode(check.route), markdown(checkName(check)),
                                check.status ? std::to_string(*check.status) : "–",
                                check.transcript.empty() ? "–" : markdownCode(transcriptPath(check.transcript))});
            }
        }
    }
    return "\n## Every request that got through in this run\n\n" +
           markdownTable({"endpoint", "route", "check", "status", "transcript"}, rows, "None.");
}

class OpenRoutesArtifact final : public Artifact {
public:
    [[nodiscard]] std::string name() const override { return "open routes"; }

    [[nodiscard]] Files make(const EvidenceInputs& inputs) const override {
        std::vector<Row> declared;
        std::vector<Row> undeclared;
        for (const OpenRouteFact& fact : inputs.openRoutes) {
            (fact.verdict == probe::Verdict::Public ? declared : undeclared)
                .push_back({markdownCode(fact.endpoint), markdownCode(fact.route), probe::word(fact.verdict),
                            markdown(fact.reason), markdown(fact.owner), markdown(fact.approver),
                            markdown(fact.expires)});
        }
        const Row header{"endpoint", "route", "verdict", "reason", "owner", "approver", "expires"};
        return {{datedName(inputs.report.run, "open-routes", "md"),
                 markdownHead(inputs, "Routes that answer without authentication") +
                     "## Declared\n\nRoutes that their owner declared open and that really are.\n\n" +
                     markdownTable(header, declared, "None.") +
                     "\n## Not declared, not valid or expired\n\nEach of these is a finding until it is closed or "
                     "declared with owner, reason and expiry.\n\n" +
                     markdownTable(header, undeclared, "None.") + reachedList(inputs)}};
    }
};

} // namespace

std::unique_ptr<Artifact> makeOpenRoutes() {
    return std::make_unique<OpenRoutesArtifact>();
}

} // namespace gatehouse::evidence
