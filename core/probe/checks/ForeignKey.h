#pragma once

#include "core/probe/checks/Check.h"

namespace gatehouse::probe {

/// A credential that is valid elsewhere, on this endpoint's model.
class ForeignKey final : public Check {
public:
    [[nodiscard]] std::string id() const override { return "foreign-key"; }

    [[nodiscard]] std::string title() const override { return "a valid key of another model"; }

    [[nodiscard]] std::string findingId() const override { return "reached-with-foreign-key"; }

    [[nodiscard]] std::vector<Variant> variants(const ProbeTarget& target, const Route& route) const override;

    [[nodiscard]] bool otherCallersList() const override { return true; }
};

} // namespace gatehouse::probe
