#include "core/probe/checks/EmptyCredential.h"

#include "core/probe/checks/KeyForms.h"

namespace gatehouse::probe {

std::vector<Variant> EmptyCredential::variants(const ProbeTarget& target, const Route& route) const {
    static_cast<void>(route);
    const Carrier carrier = carrierOf(target);
    std::vector<Variant> list;
    const auto add = [&](const char* name, const std::string& value) {
        Variant variant{name, {}, false};
        variant.headers.push_back({carrier.header, value, {}, {}});
        list.push_back(std::move(variant));
    };
    add("empty value", "");
    if (!carrier.prefix.empty()) {
        const std::string scheme = carrier.prefix.substr(0, carrier.prefix.find_last_not_of(' ') + 1);
        add("scheme alone", scheme);
        add("scheme and spaces", scheme + "    ");
    }
    return list;
}

} // namespace gatehouse::probe
