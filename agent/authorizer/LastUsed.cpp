#include "agent/authorizer/LastUsed.h"

#include <chrono>

namespace gatehouse::authorizer {

void LastUsed::record(const keys::KeyEntry& key, TimePoint now) {
    const std::lock_guard lock(m_mutex);
    TimePoint& time = m_times[{key.nameSpace, key.modelName, key.clientId}];
    if (now - time >= std::chrono::minutes(1)) {
        time = now;
    }
}

std::optional<TimePoint> LastUsed::of(const std::string& nameSpace, const std::string& modelName,
                                      const std::string& clientId) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_times.find({nameSpace, modelName, clientId});
    return found == m_times.end() ? std::nullopt : std::optional(found->second);
}

void LastUsed::keepOnly(const keys::KeyTable& table) {
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_times, [&table](const auto& entry) {
        return !table.contains(entry.first.nameSpace, entry.first.modelName, entry.first.clientId);
    });
}

} // namespace gatehouse::authorizer
