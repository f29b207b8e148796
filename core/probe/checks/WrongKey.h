#pragma once

#include "core/probe/checks/Check.h"

namespace gatehouse::probe {

/// A key that was never issued.
class WrongKey final : public Check {
public:
    [[nodiscard]] std::string id() const override { return "wrong-key"; }

    [[nodiscard]] std::string title() const override { return "a random key of the right form"; }

    [[nodiscard]] std::string findingId() const override { return "reached-with-wrong-key"; }

    [[nodiscard]] std::vector<Variant> variants(const ProbeTarget& target, const Route& route) const override;
};

} // namespace gatehouse::probe
