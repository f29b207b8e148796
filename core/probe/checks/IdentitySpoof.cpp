#include "core/probe/checks/IdentitySpoof.h"

#include <array>

namespace gatehouse::probe {

std::vector<Variant> IdentitySpoof::variants(const ProbeTarget& target, const Route& route) const {
    static constexpr std::array names{"x-llm-client-id",  "X-Client-ID",        "X-User",
                                      "X-Tenant",         "X-MaaS-Username",    "X-MaaS-Group",
                                      "X-Forwarded-User", "X-Gatehouse-Client", "X-Gatehouse-Tenant"};
    Variant variant{"", {}, route.namesModel()};
    for (const char* name : names) {
        variant.headers.push_back({name, "gatehouse-probe", {}, {}});
    }
    variant.headers.push_back({"X-Forwarded-For", "127.0.0.1", {}, {}});
    variant.headers.push_back({"X-Label-Selector", "tenant=gatehouse-probe", {}, {}});
    if (!target.model.empty()) {
        variant.headers.push_back({"x-ai-eg-model", target.model, {}, {}});
        variant.headers.push_back({"X-Gatehouse-Model", target.model, {}, {}});
    }
    std::vector<Variant> list;
    list.push_back(std::move(variant));
    return list;
}

} // namespace gatehouse::probe
