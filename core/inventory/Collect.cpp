#include "core/inventory/EndpointSource.h"

#include <algorithm>

namespace gatehouse::inventory {

Inventory collect(const Snapshot& snapshot, std::span<const std::unique_ptr<EndpointSource>> sources, RunStamp run) {
    Inventory inventory;
    inventory.run = std::move(run);
    inventory.notInspected = snapshot.notInspected;
    for (const std::unique_ptr<EndpointSource>& source : sources) {
        SourceResult result = source->collect(snapshot);
        std::move(result.endpoints.begin(), result.endpoints.end(), std::back_inserter(inventory.endpoints));
        std::move(result.notInspected.begin(), result.notInspected.end(), std::back_inserter(inventory.notInspected));
    }
    std::stable_sort(inventory.endpoints.begin(), inventory.endpoints.end(),
                     [](const Endpoint& a, const Endpoint& b) { return a.id < b.id; });
    inventory.endpoints.erase(std::unique(inventory.endpoints.begin(), inventory.endpoints.end(),
                                          [](const Endpoint& a, const Endpoint& b) { return a.id == b.id; }),
                              inventory.endpoints.end());
    const auto key = [](const NotInspected& item) { return std::tie(item.resource, item.reason); };
    std::sort(inventory.notInspected.begin(), inventory.notInspected.end(),
              [&](const NotInspected& a, const NotInspected& b) { return key(a) < key(b); });
    inventory.notInspected.erase(
        std::unique(inventory.notInspected.begin(), inventory.notInspected.end(),
                    [&](const NotInspected& a, const NotInspected& b) { return key(a) == key(b); }),
        inventory.notInspected.end());
    return inventory;
}

} // namespace gatehouse::inventory
