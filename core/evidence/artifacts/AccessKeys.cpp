#include "core/evidence/artifacts/AccessKeys.h"

#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/evidence/artifacts/Documents.h"

namespace gatehouse::evidence {
namespace {

json::Value orNull(const std::string& text) {
    return text.empty() ? json::Value(nullptr) : json::Value(text);
}

json::Object keyJson(const KeyFact& key) {
    return {{"clientId", key.clientId},
            {"owner", key.owner},
            {"tenant", key.tenant},
            {"description", key.description},
            {"namespace", key.nameSpace},
            {"model", key.model},
            {"modelId", key.modelId},
            {"createdAt", orNull(key.createdAt)},
            {"expiresAt", orNull(key.expiresAt)},
            {"state", key.state},
            {"fingerprint", key.fingerprint},
            {"note", orNull(key.note)}};
}

class AccessKeysArtifact final : public Artifact {
public:
    [[nodiscard]] std::string name() const override { return "access keys"; }

    [[nodiscard]] Files make(const EvidenceInputs& inputs) const override {
        json::Array keys;
        for (const KeyFact& key : inputs.keys) {
            keys.push_back(keyJson(key));
        }
        json::Object object = jsonHead(inputs, "AccessKeyRegister");
        object["keys"] = std::move(keys);
        return {{datedName(inputs.report.run, "access-keys", "json"), document(object)}};
    }
};

} // namespace

std::unique_ptr<Artifact> makeAccessKeys() {
    return std::make_unique<AccessKeysArtifact>();
}

} // namespace gatehouse::evidence
