#pragma once

#include "agent/assessment/Targets.h"
#include "core/evidence/EvidenceBundle.h"
#include "core/object_store/ObjectStore.h"

#include <filesystem>
#include <functional>
#include <stop_token>

namespace gatehouse::assessment {

/// What the assessor must know of the gateway it stands beside.
struct GatewayFacts {
    std::string url; ///< "https://127.0.0.1:8443"
    std::string caPem;
    bool enforcing = false;
    std::string reasonIfNot;
    json::Object configuration; ///< what is enforced, without secrets
    std::filesystem::path accessLog;
};

/// What a probe run was asked for.
struct Request {
    std::vector<std::string> endpoints; ///< names, ids or source names; empty: all
    std::vector<std::string> checks;    ///< empty: all that are not destructive
    /// Requests a second for each endpoint; none: 100 when all endpoints are on this host, else 20.
    std::optional<double> ratePerEndpoint;
    bool destructive = false;
};

/// Inventory and report of one run; both carry its stamp.
struct Assessment {
    inventory::Inventory inventory;
    probe::ProbeReport report;
};

/// Looks at this installation: makes the inventory, probes it, gathers what a pack needs. Every call reads the store
/// anew. Thread-safe; blocks.
class Assessor {
public:
    using GatewaySource = std::function<GatewayFacts()>;

    Assessor(ObjectStore& store, const ProbeKeys& keys, GatewaySource gateway, const Clock& clock);

    [[nodiscard]] RunStamp newRun() const;
    [[nodiscard]] Result<inventory::Inventory> inventory(const RunStamp& run) const;
    /// Invalid when `request` names endpoints that are not in the inventory.
    [[nodiscard]] Result<Assessment> assess(const Request& request, const RunStamp& run,
                                            const probe::ProgressSink& progress, std::stop_token stop) const;
    /// Everything a pack is made of. Waits up to a few seconds for the access log to hold the run's own requests.
    [[nodiscard]] Result<evidence::EvidenceInputs> evidenceOf(Assessment assessment, std::stop_token stop) const;

private:
    [[nodiscard]] Result<inventory::Snapshot> snapshot(const GatewayFacts& gateway) const;
    [[nodiscard]] Secret secretValue(const std::string& nameSpace, const std::string& secret,
                                     const std::string& key) const;

    ObjectStore& m_store;
    const ProbeKeys& m_keys;
    GatewaySource m_gateway;
    const Clock& m_clock;
};

/// Key metadata as evidence shows it: state, owner, tenant; a fingerprint of the stored digest, never of more.
[[nodiscard]] std::vector<evidence::KeyFact> keyFacts(const std::vector<Object>& objects, TimePoint now);
/// Open routes that the run met, with the entry that covers each.
[[nodiscard]] std::vector<evidence::OpenRouteFact> openRouteFacts(const probe::ProbeReport& report,
                                                                  const std::vector<Object>& objects);
/// Up to `limit` bytes from the end of the access log (and its rotated predecessor), parsed line by line; lines that
/// are no JSON object are skipped.
[[nodiscard]] std::vector<json::Object> readAccessLog(const std::filesystem::path& log, std::size_t limit = 16U << 20);

} // namespace gatehouse::assessment
