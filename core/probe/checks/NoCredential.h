#pragma once

#include "core/probe/checks/Check.h"

namespace gatehouse::probe {

/// Nothing that names a caller.
class NoCredential final : public Check {
public:
    [[nodiscard]] std::string id() const override { return "no-credential"; }

    [[nodiscard]] std::string title() const override { return "no credential at all"; }

    [[nodiscard]] std::string findingId() const override { return "reached-without-credential"; }

    [[nodiscard]] std::vector<Variant> variants(const ProbeTarget& target, const Route& route) const override;
};

} // namespace gatehouse::probe
