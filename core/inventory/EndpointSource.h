#pragma once

#include "core/inventory/Inventory.h"
#include "core/object_store/Object.h"

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace gatehouse::inventory {

/// All objects one run looks at, read once, so that every source sees the same moment.
struct Snapshot {
    std::vector<Object> objects;
    std::vector<NotInspected> notInspected; ///< what could not be read, and why

    /// Facts about this installation's own gateway, set by the standalone agent; empty elsewhere.
    struct StandaloneGateway {
        std::string url;        ///< "https://127.0.0.1:8443"
        bool enforcing = false; ///< the gateway runs with the configuration of the current plan
        std::string reasonIfNot;
    };

    std::optional<StandaloneGateway> standalone;
};

struct SourceResult {
    std::vector<Endpoint> endpoints;
    std::vector<NotInspected> notInspected;
};

/// One place model endpoints come from. Pure: the same snapshot gives the same result.
/// To add one: a pair of files in core/inventory/sources/ and a line in AllSources.cpp.
class EndpointSource {
public:
    virtual ~EndpointSource() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual SourceResult collect(const Snapshot& snapshot) const = 0;
};

[[nodiscard]] std::vector<std::unique_ptr<EndpointSource>> allSources();

/// Runs every source over the snapshot and merges: endpoints sorted by id, duplicates by id dropped.
[[nodiscard]] Inventory collect(const Snapshot& snapshot, std::span<const std::unique_ptr<EndpointSource>> sources,
                                RunStamp run);

} // namespace gatehouse::inventory
