#pragma once

#include "core/probe/checks/Check.h"

namespace gatehouse::probe {

/// Headers by which a gateway names the caller to what stands behind it, sent by the caller.
class IdentitySpoof final : public Check {
public:
    [[nodiscard]] std::string id() const override { return "identity-spoof"; }

    [[nodiscard]] std::string title() const override { return "identity headers without a key"; }

    [[nodiscard]] std::string findingId() const override { return "reached-with-spoofed-identity"; }

    [[nodiscard]] std::vector<Variant> variants(const ProbeTarget& target, const Route& route) const override;
};

} // namespace gatehouse::probe
