#pragma once

#include "core/inventory/Inventory.h"
#include "core/probe/ProbeReport.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::evidence {

/// One key of the register, as evidence shows it: never the value.
struct KeyFact {
    std::string clientId;
    std::string owner;
    std::string description;
    std::string model; ///< CR name
    std::string modelId;
    std::string nameSpace;
    std::string createdAt;
    std::string expiresAt;
    std::string state;       ///< "Active", "Expired", …
    std::string fingerprint; ///< first 12 hex characters of the SHA-256 of the key
    std::string note;        ///< for example "weak: shorter than 16 characters"
};

/// One line of the gateway's access log that belongs to a request of this run.
struct AttributionFact {
    json::Object line; ///< ts, tenant_id, user_id, endpoint, model, input_tokens, output_tokens, request_id, status
    std::string endpointName;
    std::string transcript; ///< of the positive control it was matched to by request id
};

struct OpenRouteFact {
    std::string endpoint;
    probe::Verdict verdict = probe::Verdict::Public;
    std::string route;
    std::string reason;
    std::string owner;
    std::string approver;
    std::string expires;
};

/// Everything one pack is made of. All parts come from one run and carry its stamp.
struct EvidenceInputs {
    inventory::Inventory inventory;
    probe::ProbeReport report;
    json::Object gatewayConfiguration; ///< what the gateway enforces, secrets removed; {} when there is no own gateway
    std::vector<KeyFact> keys;
    std::vector<AttributionFact> attribution;
    std::vector<OpenRouteFact> openRoutes;
    std::string installation; ///< a name for people: host name or cluster
};

/// Path in the pack → content. Paths are relative, use '/', and hold no "..".
using Files = std::map<std::string, std::string>;

struct EvidenceBundle {
    RunStamp run;
    Files files;            ///< all artifacts but manifest.json, attestation.sigstore.json
    json::Object predicate; ///< in-toto test-result predicate
};

/// One file (or a few) of the pack. Pure.
/// To add one: a pair of files in core/evidence/artifacts/ and a line in AllArtifacts.cpp.
class Artifact {
public:
    virtual ~Artifact() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual Files make(const EvidenceInputs& inputs) const = 0;
};

[[nodiscard]] std::vector<std::unique_ptr<Artifact>> allArtifacts();

/// Runs every artifact. Fails (Internal) if two write the same path.
[[nodiscard]] Result<EvidenceBundle> assemble(const EvidenceInputs& inputs);

} // namespace gatehouse::evidence
