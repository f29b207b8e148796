#pragma once

#include "core/probe/checks/Check.h"

namespace gatehouse::probe {

/// The header is there and says nothing.
class EmptyCredential final : public Check {
public:
    [[nodiscard]] std::string id() const override { return "empty-credential"; }

    [[nodiscard]] std::string title() const override { return "an empty credential"; }

    [[nodiscard]] std::string findingId() const override { return "reached-with-empty-credential"; }

    [[nodiscard]] std::vector<Variant> variants(const ProbeTarget& target, const Route& route) const override;
};

} // namespace gatehouse::probe
