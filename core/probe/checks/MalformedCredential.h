#pragma once

#include "core/probe/checks/Check.h"

namespace gatehouse::probe {

/// The endpoint's own key under a wrong scheme or changed a little (a made-up key where none was given).
class MalformedCredential final : public Check {
public:
    [[nodiscard]] std::string id() const override { return "malformed-credential"; }

    [[nodiscard]] std::string title() const override { return "the right key, spoilt"; }

    [[nodiscard]] std::string findingId() const override { return "reached-with-malformed-credential"; }

    [[nodiscard]] std::vector<Variant> variants(const ProbeTarget& target, const Route& route) const override;
};

} // namespace gatehouse::probe
