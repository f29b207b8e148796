#include "core/evidence/artifacts/Documents.h"

#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"

namespace gatehouse::evidence {

std::string markdownHead(const EvidenceInputs& inputs, std::string_view title) {
    const RunStamp& run = inputs.report.run;
    return "# " + std::string(title) + "\n\n" + "Installation " + markdownCode(inputs.installation) + " · run `" +
           visible(run.id) + "` · started " + toRfc3339(run.startedAt) + " · pack made " + toRfc3339(inputs.madeAt) +
           " · by " + markdown(run.toolName) + " " + markdown(run.toolVersion) + "\n\n";
}

json::Object jsonHead(const EvidenceInputs& inputs, std::string_view kind) {
    return {{"apiVersion", "gatehouse.dev/v1alpha1"},
            {"kind", kind},
            {"run", inputs.report.run.toJson()},
            {"madeAt", toRfc3339(inputs.madeAt)},
            {"installation", inputs.installation}};
}

std::string document(const json::Object& object) {
    return json::pretty(validJson(json::Value(object)));
}

std::string sourceText(const inventory::ObjectReference& reference) {
    return reference.kind + " " +
           (reference.nameSpace.empty() ? reference.name : reference.nameSpace + "/" + reference.name);
}

std::string modelsText(const inventory::Endpoint& endpoint) {
    return !endpoint.models ? "any" : endpoint.models->empty() ? "none" : joined(*endpoint.models);
}

std::string probeText(const EvidenceInputs& inputs, const inventory::Endpoint& endpoint) {
    const probe::EndpointReport* report = probed(inputs.report, endpoint);
    return report == nullptr ? "not probed" : probe::word(report->conclusion);
}

} // namespace gatehouse::evidence
