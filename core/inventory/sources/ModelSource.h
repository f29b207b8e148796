#pragma once

#include "core/inventory/EndpointSource.h"

namespace gatehouse::inventory {

/// LLMModel and PassthroughModel: on one host the gateway's address for each; in a cluster what their status says.
class ModelSource final : public EndpointSource {
public:
    [[nodiscard]] std::string name() const override { return "models"; }

    [[nodiscard]] SourceResult collect(const Snapshot& snapshot) const override;
};

} // namespace gatehouse::inventory
