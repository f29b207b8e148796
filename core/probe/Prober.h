#pragma once

#include "core/probe/ProbeReport.h"
#include "core/secrets/Secret.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace gatehouse::probe {

/// A credential and how it is carried. The value is read once, when the targets are loaded.
struct Credential {
    std::string header = "Authorization";
    std::string prefix = "Bearer ";
    Secret value;
};

/// A route its owner declared public (contracts.md §5, `openRoutes`).
struct OpenRoute {
    std::string route; ///< "GET /health"
    std::string reason;
    std::string owner;
    std::string approver;
    std::optional<TimePoint> expires;
};

struct TlsChoice {
    std::string caPem;      ///< trust anchors; empty: the system's
    bool insecure = false;  ///< do not verify; said in the evidence
    std::string serverName; ///< empty: the host of the URL
};

/// One endpoint to probe. Move-only, because of the credentials.
struct ProbeTarget {
    std::string name;   ///< unique
    std::string id;     ///< inventory endpoint id, empty when there is none
    std::string url;    ///< base URL, http or https
    std::string engine; ///< empty: by fingerprint
    std::string model;  ///< for the positive control; empty: none can be made
    std::optional<Credential> credential;
    std::optional<Credential> foreignCredential;
    std::string foreignModel; ///< the model the foreign credential belongs to, for reasons in words
    TlsChoice tls;
    std::vector<OpenRoute> openRoutes;
    std::string note;
};

struct ProbeOptions {
    std::vector<std::string> checks; ///< ids; empty: all but destructive ones
    bool destructive = false;
    double ratePerEndpoint = 20.0; ///< requests a second, at most, for each endpoint
    std::size_t parallelEndpoints = 8;
    std::chrono::milliseconds connectTimeout{5'000};
    std::chrono::milliseconds exchangeTimeout{15'000};
    std::size_t maxAnswerBytes = 256U << 10;
    std::size_t connectionsPerCheck =
        2; ///< each check is sent this often, each time on a new connection; the worst answer counts
    std::string catalogueFile; ///< replaces the built-in probe catalogue; empty: built in
    /// Called at most once a second with what is known so far (transcripts included), from a worker thread, one call
    /// at a time. The report is valid during the call only.
    std::function<void(const ProbeReport&)> onPartialReport;
};

struct Progress {
    std::size_t done = 0;
    std::size_t total = 0;
    std::string endpoint; ///< the one just worked on
    std::string check;
};

using ProgressSink = std::function<void(const Progress&)>; ///< called from worker threads, one call at a time

/// Reads an EndpointList (contracts.md §5). Strict: unknown fields, duplicate names and unreadable credentials are
/// errors that name the field. Files are relative to `baseFolder`.
[[nodiscard]] Result<std::vector<ProbeTarget>> readEndpointList(const json::Value& document,
                                                                const std::string& baseFolder);

/// Fails if the catalogue cannot be read, a check id is unknown, or an option makes no sense. Call before run().
[[nodiscard]] Result<void> checkOptions(const ProbeOptions& options);

/// Probes all targets. Blocks; uses threads of its own. Always returns a report, also after a stop (then `cancelled` is
/// set and what was found is kept).
[[nodiscard]] ProbeReport run(const std::vector<ProbeTarget>& targets, const ProbeOptions& options, const Clock& clock,
                              RunStamp stamp, const ProgressSink& progress, std::stop_token stop);

} // namespace gatehouse::probe
