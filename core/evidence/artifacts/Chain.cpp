#include "core/evidence/artifacts/Chain.h"

#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/evidence/artifacts/Documents.h"

namespace gatehouse::evidence {
namespace {

json::Object linkJson(const ChainLink& link) {
    return {{"sequence", link.sequence},
            {"runId", link.runId},
            {"madeAt", link.madeAt},
            {"manifestSha256", link.manifestSha256}};
}

class ChainArtifact final : public Artifact {
public:
    [[nodiscard]] std::string name() const override { return "chain"; }

    [[nodiscard]] Files make(const EvidenceInputs& inputs) const override {
        json::Object object = jsonHead(inputs, "EvidenceChain");
        object["sequence"] = inputs.previous ? inputs.previous->sequence + 1 : 1;
        object["previous"] = inputs.previous ? json::Value(linkJson(*inputs.previous)) : json::Value(nullptr);
        return {{"chain.json", document(object)}};
    }
};

} // namespace

std::unique_ptr<Artifact> makeChain() {
    return std::make_unique<ChainArtifact>();
}

} // namespace gatehouse::evidence
