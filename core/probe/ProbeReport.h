#pragma once

#include "core/inventory/Inventory.h"
#include "core/result/Result.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::probe {

enum class Verdict { Denied, Reached, Absent, Public, Inconclusive, Noted };
enum class DeniedBy { Gateway, Engine, Unknown };
enum class Conclusion { Denies, Reached, Inconclusive };

/// What really went over the wire for one check. Secret spans are cut out of `sent` and `received`; where they were is
/// kept. Both hold raw bytes of a stranger: show them through toText(), which escapes what is not printable.
struct Transcript {
    std::string
        id; ///< "<endpoint>/<check>/<route slug>-n", unique in the report, [a-z0-9._/-] only; its path in a pack

    struct Cut {
        std::size_t offset; ///< in the bytes as sent
        std::size_t length;
        std::string what;        ///< "credential of this endpoint", …
        std::string fingerprint; ///< first 12 hex characters of a SHA-256 salted with the run id
    };

    std::string sent; ///< the bytes, each cut span replaced by "<redacted:N bytes>"
    std::vector<Cut> cuts;
    std::string received;          ///< up to the prober's limit; cut like `sent` where the server gave a secret back
    std::vector<Cut> receivedCuts; ///< offsets in the bytes as received
    bool receivedTruncated = false;
    std::string failure; ///< set when no complete answer came: "connection reset", "timed out after 10 s", …
    TimePoint at;
    std::chrono::microseconds connectTime{};
    std::chrono::microseconds firstByteTime{};
    std::chrono::microseconds totalTime{};
    std::string remoteAddress;
    std::string tlsVersion; ///< "TLSv1.3", empty for plain HTTP
    std::string tlsCipher;
    bool tlsVerified = false;
    std::vector<std::string> certificateSha256; ///< chain, leaf first
    std::string nonce;                          ///< X-Request-Id sent with it

    /// The text form that stands in a pack: facts, then the request, then the answer.
    [[nodiscard]] std::string toText() const;
};

struct CheckResult {
    std::string id;      ///< of the check: "no-credential"
    std::string variant; ///< what of the check was sent: "key with a suffix"; empty if it has one form only
    std::string route;   ///< "POST /v1/chat/completions"
    Verdict verdict = Verdict::Inconclusive;
    std::optional<int> status; ///< HTTP status, if there was one
    DeniedBy deniedBy = DeniedBy::Unknown;
    std::string deniedByWhat; ///< the fingerprint that matched, empty if none
    std::string reason;       ///< one sentence
    std::string transcript;   ///< Transcript::id of the exchange that decided; empty if the check was not run
    std::vector<std::string> transcripts; ///< all exchanges of the check, each on a connection of its own
    std::string routeClass;               ///< of the catalogue: "inference", "control", "models", "recon" or "utility"
    TimePoint at;                         ///< of the deciding exchange
    bool mustDeny = true;                 ///< counts for conclusion and coverage; false for NOTED checks
};

struct PositiveControl {
    std::optional<int> status;
    TimePoint at;
    std::string model;
    std::string route; ///< "POST /v1/chat/completions"
    std::string transcript;
    std::string requestId; ///< X-Request-Id sent with it, to find it in the gateway's access log
    std::string reason;    ///< why it failed or is missing; empty when it passed

    [[nodiscard]] bool passed() const { return reason.empty() && status && *status >= 200 && *status < 300; }
};

struct EndpointReport {
    std::string name;
    std::string id; ///< Inventory endpoint id when it came from one
    std::string url;
    std::string engineName;
    std::string engineVersion;
    std::string engineHow; ///< "declared", "fingerprint" or "unknown"
    std::string note;      ///< for example that TLS was not verified, or that the model is a stand-in
    Conclusion conclusion = Conclusion::Inconclusive;
    std::vector<CheckResult> checks;
    std::vector<PositiveControl> positiveControls; ///< at least one, the first of the run first
};

struct Finding {
    std::string id;
    std::string endpoint;
    std::string severity;
    std::string reason;
    std::vector<std::string> transcripts;
};

/// contracts.md §5.
struct ProbeReport {
    RunStamp run;
    TimePoint finishedAt;
    bool cancelled = false;
    std::string catalogueDigest;           ///< SHA-256 (hex) of the probe catalogue the run used
    std::vector<EndpointReport> endpoints; ///< in the order given
    std::size_t planned = 0;
    std::size_t conclusive = 0;
    std::vector<Finding> findings;
    std::map<std::string, Transcript> transcripts; ///< by id; not part of toJson()

    /// Conclusive of planned; 0 when nothing was planned, because what was not looked at does not pass.
    [[nodiscard]] double coverage() const {
        return planned == 0 ? 0.0 : static_cast<double>(conclusive) / static_cast<double>(planned);
    }

    [[nodiscard]] json::Object toJson() const;
    /// Reads what toJson() wrote (transcripts stay empty).
    [[nodiscard]] static Result<ProbeReport> fromJson(const json::Value& value);
};

/// "DENIED", "REACHED", …
[[nodiscard]] const char* word(Verdict verdict);
[[nodiscard]] const char* word(DeniedBy who);
[[nodiscard]] const char* word(Conclusion conclusion);

} // namespace gatehouse::probe
