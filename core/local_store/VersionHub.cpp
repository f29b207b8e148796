#include "core/local_store/VersionHub.h"

#include <algorithm>

namespace gatehouse::local_store {

void VersionHub::announce(std::int64_t committed, const std::vector<std::pair<std::string, std::int64_t>>& kinds) {
    {
        const std::lock_guard lock(m_mutex);
        m_committed = std::max(m_committed, committed);
        for (const auto& [kind, version] : kinds) {
            std::int64_t& last = m_kinds[kind];
            last = std::max(last, version);
        }
    }
    m_wake.notify_all();
}

void VersionHub::close() {
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    m_wake.notify_all();
}

VersionHub::State VersionHub::state(const std::string& kind) const {
    const std::lock_guard lock(m_mutex);
    return stateLocked(kind);
}

VersionHub::State VersionHub::wait(const std::string& kind, std::int64_t after, std::chrono::milliseconds patience,
                                   const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    m_wake.wait_for(lock, stop, patience, [&] {
        const State state = stateLocked(kind);
        return state.closed || state.ofKind > after;
    });
    return stateLocked(kind);
}

VersionHub::State VersionHub::stateLocked(const std::string& kind) const {
    const auto found = m_kinds.find(kind);
    return {m_committed, found == m_kinds.end() ? 0 : found->second, m_closed};
}

} // namespace gatehouse::local_store
