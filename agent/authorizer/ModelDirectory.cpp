#include "agent/authorizer/ModelDirectory.h"

#include <algorithm>
#include <set>

namespace gatehouse::authorizer {
namespace {

bool isOwn(const DirectoryEntry& entry, const keys::KeyEntry& key) {
    return entry.nameSpace == key.nameSpace && entry.name == key.modelName;
}

bool serves(const DirectoryEntry& entry, std::string_view modelId) {
    return std::find(entry.modelIds.begin(), entry.modelIds.end(), modelId) != entry.modelIds.end();
}

} // namespace

ModelDirectory ModelDirectory::from(const serving_plan::ServingPlan& plan) {
    ModelDirectory out;
    for (const serving_plan::PlannedModel& model : plan.models) {
        DirectoryEntry entry{model.nameSpace, model.name, model.nameSpace + "/" + model.name, {}, false, false};
        bool external = false;
        for (const serving_plan::PlannedRoute& route : model.routes) {
            if (route.listener == serving_plan::ListenerKind::External) {
                external = true;
                entry.modelIds.insert(entry.modelIds.end(), route.modelIds.begin(), route.modelIds.end());
                entry.catchAll = entry.catchAll || route.catchAll;
                entry.anyAuthenticated = entry.anyAuthenticated || route.callers.anyAuthenticated;
            }
        }
        if (external && model.upstream) {
            out.m_entries.push_back(std::move(entry));
        }
    }
    return out;
}

ModelDirectory ModelDirectory::onlyAlsoIn(const ModelDirectory& other) const {
    ModelDirectory out;
    std::copy_if(m_entries.begin(), m_entries.end(), std::back_inserter(out.m_entries), [&other](const auto& entry) {
        return std::find(other.m_entries.begin(), other.m_entries.end(), entry) != other.m_entries.end();
    });
    return out;
}

const DirectoryEntry* ModelDirectory::resolve(const keys::KeyEntry& key, std::string_view modelId) const {
    if (modelId.empty()) {
        return nullptr;
    }
    for (const bool catchAll : {false, true}) {
        const DirectoryEntry* open = nullptr;
        for (const DirectoryEntry& entry : m_entries) {
            if (!(catchAll ? entry.catchAll : serves(entry, modelId))) {
                continue;
            }
            if (isOwn(entry, key)) {
                return &entry;
            }
            if (entry.anyAuthenticated && open == nullptr) {
                open = &entry;
            }
        }
        if (open != nullptr) {
            return open;
        }
    }
    return nullptr;
}

std::vector<std::string> ModelDirectory::idsFor(const keys::KeyEntry& key) const {
    std::set<std::string> ids;
    for (const DirectoryEntry& entry : m_entries) {
        if (entry.anyAuthenticated || isOwn(entry, key)) {
            ids.insert(entry.modelIds.begin(), entry.modelIds.end());
        }
    }
    return {ids.begin(), ids.end()};
}

} // namespace gatehouse::authorizer
