#include "core/evidence/artifacts/DenialMatrix.h"

#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/evidence/artifacts/Documents.h"

namespace gatehouse::evidence {
namespace {

void toPath(json::Value& value) {
    if (value.is_string() && !value.get_string().empty()) {
        value = json::Value(transcriptPath(value.get_string()));
    }
}

/// Replaces transcript ids by paths, wherever members called "transcript" and "transcripts" stand.
void toPaths(json::Value& value) {
    if (json::Array* array = value.if_array()) {
        for (json::Value& item : *array) {
            toPaths(item);
        }
    }
    json::Object* object = value.if_object();
    if (object == nullptr) {
        return;
    }
    for (auto& member : *object) {
        if (member.key() == "transcript") {
            toPath(member.value());
        } else if (member.key() == "transcripts" && member.value().is_array()) {
            for (json::Value& item : member.value().get_array()) {
                toPath(item);
            }
        } else {
            toPaths(member.value());
        }
    }
}

class DenialMatrixArtifact final : public Artifact {
public:
    [[nodiscard]] std::string name() const override { return "denial matrix"; }

    [[nodiscard]] Files make(const EvidenceInputs& inputs) const override {
        json::Object object = inputs.report.toJson();
        json::Value value(std::move(object));
        toPaths(value);
        return {{datedName(inputs.report.run, "denial-matrix", "json"), document(value.get_object())}};
    }
};

} // namespace

std::unique_ptr<Artifact> makeDenialMatrix() {
    return std::make_unique<DenialMatrixArtifact>();
}

} // namespace gatehouse::evidence
