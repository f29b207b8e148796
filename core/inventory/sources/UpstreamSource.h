#pragma once

#include "core/inventory/EndpointSource.h"

namespace gatehouse::inventory {

/// The model server behind each LLMModel of one host: whoever can connect to it goes round the gateway.
class UpstreamSource final : public EndpointSource {
public:
    [[nodiscard]] std::string name() const override { return "upstreams"; }

    [[nodiscard]] SourceResult collect(const Snapshot& snapshot) const override;
};

} // namespace gatehouse::inventory
