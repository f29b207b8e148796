#include "core/probe/checks/NoCredential.h"

namespace gatehouse::probe {

std::vector<Variant> NoCredential::variants(const ProbeTarget& target, const Route& route) const {
    std::vector<Variant> list;
    list.push_back({"", {}, false});
    if (!target.model.empty() && route.routeClass == "inference" && route.namesModel()) {
        list.push_back({"own model", {}, true});
    }
    return list;
}

} // namespace gatehouse::probe
