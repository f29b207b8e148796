#pragma once

#include "core/inventory/EndpointSource.h"

namespace gatehouse::inventory {

/// The gateway of one host itself, with all models that pass it.
class GatewaySource final : public EndpointSource {
public:
    [[nodiscard]] std::string name() const override { return "gateway"; }

    [[nodiscard]] SourceResult collect(const Snapshot& snapshot) const override;
};

} // namespace gatehouse::inventory
