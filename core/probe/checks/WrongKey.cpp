#include "core/probe/checks/WrongKey.h"

#include "core/probe/checks/KeyForms.h"

namespace gatehouse::probe {

std::vector<Variant> WrongKey::variants(const ProbeTarget& target, const Route& route) const {
    static_cast<void>(route);
    const Carrier carrier = carrierOf(target);
    const std::string key = randomKeyLike(target.credential ? target.credential->value.reveal() : std::string_view());
    Variant variant;
    variant.headers.push_back({carrier.header, carrier.prefix + key, {}, {}});
    std::vector<Variant> list;
    list.push_back(std::move(variant));
    return list;
}

} // namespace gatehouse::probe
