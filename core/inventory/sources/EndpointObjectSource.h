#pragma once

#include "core/inventory/EndpointSource.h"

namespace gatehouse::inventory {

/// Endpoint objects (gatehouse.dev): endpoints elsewhere, kept in the inventory by hand.
class EndpointObjectSource final : public EndpointSource {
public:
    [[nodiscard]] std::string name() const override { return "endpoint-objects"; }

    [[nodiscard]] SourceResult collect(const Snapshot& snapshot) const override;
};

} // namespace gatehouse::inventory
