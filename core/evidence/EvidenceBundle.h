#pragma once

#include "core/inventory/Inventory.h"
#include "core/probe/ProbeReport.h"

#include <chrono>
#include <cstdint>
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
    std::string tenant;      ///< who pays and answers for it
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

/// The pack before this one.
struct ChainLink {
    std::string runId;
    std::string madeAt;
    std::string manifestSha256;
    std::uint64_t sequence = 1; ///< of that pack
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
    /// Where the lines of `attribution` were looked for ("access log of gateway https://…"); empty: no log was at hand.
    std::string accessLog;
    TimePoint madeAt{};            ///< when the pack is put together; the default: when the probe ended
    std::chrono::hours maxAge{24}; ///< results older than this at `madeAt` are called stale
    std::optional<ChainLink> previous;
};

/// What a pack says as a whole, and why. Pure.
struct Judgement {
    enum class Outcome { Passed, Warned, Failed };
    Outcome outcome = Outcome::Passed;
    std::vector<std::string> reasons; ///< one sentence each, the gravest first; empty when passed
    bool stale = false;
    std::size_t highFindings = 0; ///< inventory and probe together
};

/// FAILED: a finding of severity high, or something REACHED. WARNED: another finding (info apart), coverage below 1, an
/// endpoint inconclusive, not probed or not inspected, a cancelled or a stale run. PASSED otherwise.
[[nodiscard]] Judgement judge(const EvidenceInputs& inputs);
[[nodiscard]] const char* word(Judgement::Outcome outcome); ///< "PASSED", "WARNED", "FAILED"

/// Matches access-log lines to this run's requests by request id (Transcript::nonce). Lines of other requests are left
/// out, whoever wrote them. Only positive controls are matched: nothing else may have been authenticated.
[[nodiscard]] std::vector<AttributionFact> matchAttribution(const probe::ProbeReport& report,
                                                            const std::vector<json::Object>& accessLogLines);

/// Adds to the inventory each probed endpoint that no source knows (same id, or a URL below the probed one), with the
/// authentication that the probe measured, and sets EndpointReport::id where it was empty.
void addProbedEndpoints(inventory::Inventory& inventory, probe::ProbeReport& report);

/// The path in the pack of the transcript with this id: "transcripts/…txt", lower case, of [a-z0-9_/-] only.
[[nodiscard]] std::string transcriptPath(std::string_view transcriptId);
/// "endpoint-inventory-2026-05-15.md"
[[nodiscard]] std::string datedName(const RunStamp& run, std::string_view stem, std::string_view extension);

/// Path in the pack → content. Paths are relative, use '/', and hold no "..".
using Files = std::map<std::string, std::string>;

struct EvidenceBundle {
    RunStamp run;
    TimePoint madeAt{};
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

/// Runs every artifact. Fails (Invalid) if the parts come from different runs, (Internal) if two artifacts write one
/// path.
[[nodiscard]] Result<EvidenceBundle> assemble(const EvidenceInputs& inputs);

} // namespace gatehouse::evidence
