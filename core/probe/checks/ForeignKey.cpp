#include "core/probe/checks/ForeignKey.h"

namespace gatehouse::probe {

std::vector<Variant> ForeignKey::variants(const ProbeTarget& target, const Route& route) const {
    static_cast<void>(route);
    std::vector<Variant> list;
    if (target.foreignCredential) {
        Variant variant{"", {}, true};
        variant.headers.push_back({target.foreignCredential->header, target.foreignCredential->prefix,
                                   target.foreignCredential->value.clone(), "credential of another model"});
        list.push_back(std::move(variant));
    }
    return list;
}

} // namespace gatehouse::probe
