#pragma once

#include "core/inventory/EndpointSource.h"

namespace gatehouse::inventory {

/// No endpoints: names every kind of object in the input that can open a way to a model and that no source reads yet,
/// so that what was not looked at is said.
class UnreadKinds final : public EndpointSource {
public:
    [[nodiscard]] std::string name() const override { return "unread-kinds"; }

    [[nodiscard]] SourceResult collect(const Snapshot& snapshot) const override;
};

} // namespace gatehouse::inventory
