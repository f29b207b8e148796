#include "agent/assessment/ProbeKeys.h"

#include "core/keys/KeyNames.h"

#include <algorithm>

namespace gatehouse::assessment {

bool ProbeKeys::ensure(const std::vector<Model>& models) {
    const std::lock_guard lock(m_mutex);
    bool changed = false;
    for (const Model& model : models) {
        if (!m_keys.contains(model)) {
            m_keys.emplace(model, keys::newKeyValue());
            changed = true;
        }
    }
    changed = std::erase_if(m_keys,
                            [&](const auto& item) {
                                return std::find(models.begin(), models.end(), item.first) == models.end();
                            }) > 0 ||
              changed;
    return changed;
}

Secret ProbeKeys::keyOf(const Model& model) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_keys.find(model);
    return found == m_keys.end() ? Secret() : found->second.clone();
}

std::vector<std::pair<crypto::Sha256, keys::KeyEntry>> ProbeKeys::entries() const {
    const std::lock_guard lock(m_mutex);
    std::vector<std::pair<crypto::Sha256, keys::KeyEntry>> result;
    for (const auto& [model, key] : m_keys) {
        result.emplace_back(crypto::sha256(key.reveal()),
                            keys::KeyEntry{.clientId = std::string(ProbeOwner) + "-" + model.second,
                                           .owner = ProbeOwner,
                                           .tenant = ProbeOwner,
                                           .nameSpace = model.first,
                                           .modelName = model.second});
    }
    return result;
}

} // namespace gatehouse::assessment
