#include "agent/serving_plan/Claims.h"

#include <algorithm>
#include <tuple>

namespace gatehouse::serving_plan {
namespace {

auto ageOf(const Claimant& claimant) {
    const api::Identity& identity = *claimant.identity;
    return std::tie(identity.creationTimestamp, identity.nameSpace, identity.name, claimant.kind);
}

bool isOlder(const Claimant& a, const Claimant& b) {
    const bool aUnknown = a.identity->creationTimestamp.empty();
    const bool bUnknown = b.identity->creationTimestamp.empty();
    return aUnknown != bUnknown ? bUnknown : ageOf(a) < ageOf(b);
}

bool isSame(const Claimant& claimant, const api::Identity& identity) {
    return claimant.identity == &identity;
}

} // namespace

Claims::Claims(std::vector<Claimant> claimants) {
    std::sort(claimants.begin(), claimants.end(), isOlder);
    for (const Claimant& claimant : claimants) {
        const Name name{claimant.identity->nameSpace, claimant.identity->name};
        if (!m_names.emplace(name, claimant).second) {
            continue;
        }
        for (const std::string& id : claimant.modelIds) {
            m_ids.emplace(id, claimant);
        }
        if (claimant.catchAll && m_catchAll.empty()) {
            m_catchAll.push_back(claimant);
        }
    }
}

std::string Claims::nameTakenBy(const std::string& kind, const api::Identity& identity) const {
    const auto found = m_names.find({identity.nameSpace, identity.name});
    return found == m_names.end() || (isSame(found->second, identity) && found->second.kind == kind)
               ? std::string()
               : found->second.describe();
}

std::string Claims::idTakenBy(const std::string& id, const api::Identity& identity) const {
    const auto found = m_ids.find(id);
    return found == m_ids.end() || isSame(found->second, identity) ? std::string() : found->second.describe();
}

std::string Claims::catchAllTakenBy(const api::Identity& identity) const {
    return m_catchAll.empty() || isSame(m_catchAll.front(), identity) ? std::string() : m_catchAll.front().describe();
}

} // namespace gatehouse::serving_plan
