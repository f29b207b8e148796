#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

namespace gatehouse::queue {

/// Keys waiting to be worked on. A key that is added while it waits is there once; one that is added while it is being
/// worked on comes again when that is done, so no change is lost and no key is worked on twice at the same time.
/// Thread-safe.
class WorkQueue {
public:
    using Duration = std::chrono::milliseconds;

    /// Failures are tried again after `firstDelay`, doubling up to `longestDelay`.
    explicit WorkQueue(Duration firstDelay = Duration(200), Duration longestDelay = Duration(30'000));

    void add(const std::string& key);
    /// The earlier of two times wins when the key is already scheduled.
    void addAfter(const std::string& key, Duration delay);

    /// Waits for a key that is due; no value after a stop. Each key handed out must be given back by done() or
    /// failed().
    [[nodiscard]] std::optional<std::string> next(std::stop_token stop);
    void done(const std::string& key);
    void failed(const std::string& key);

    /// Keys waiting now, scheduled ones not counted.
    [[nodiscard]] std::size_t waiting() const;

private:
    using SteadyTime = std::chrono::steady_clock::time_point;

    void enqueue(const std::string& key);
    void schedule(const std::string& key, SteadyTime when);
    void releaseDue(SteadyTime now);

    const Duration m_firstDelay;
    const Duration m_longestDelay;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<std::string> m_order;
    std::set<std::string> m_waiting;
    std::set<std::string> m_working;
    std::set<std::string> m_again; ///< added while being worked on
    std::map<std::string, SteadyTime> m_scheduled;
    std::map<std::string, unsigned> m_failures;
};

} // namespace gatehouse::queue
