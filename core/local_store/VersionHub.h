#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace gatehouse::local_store {

/// Where committed writes are announced and watches wait for them. Thread-safe.
class VersionHub {
public:
    struct State {
        std::int64_t committed = 0; ///< version of the last committed write of the store
        std::int64_t ofKind = 0;    ///< and of the last one of the kind asked for
        bool closed = false;
    };

    void announce(std::int64_t committed, const std::vector<std::pair<std::string, std::int64_t>>& kinds);
    void close();
    [[nodiscard]] State state(const std::string& kind) const;
    /// Returns as soon as a write of `kind` newer than `after` is committed, the hub closes, a stop is asked for or
    /// `patience` has passed.
    [[nodiscard]] State wait(const std::string& kind, std::int64_t after, std::chrono::milliseconds patience,
                             const std::stop_token& stop);

private:
    [[nodiscard]] State stateLocked(const std::string& kind) const;

    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::int64_t m_committed = 0;
    std::map<std::string, std::int64_t> m_kinds;
    bool m_closed = false;
};

} // namespace gatehouse::local_store
