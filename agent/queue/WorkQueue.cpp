#include "agent/queue/WorkQueue.h"

#include <algorithm>

namespace gatehouse::queue {

WorkQueue::WorkQueue(Duration firstDelay, Duration longestDelay)
    : m_firstDelay(firstDelay),
      m_longestDelay(longestDelay) {}

void WorkQueue::add(const std::string& key) {
    const std::lock_guard lock(m_mutex);
    m_scheduled.erase(key);
    enqueue(key);
    m_changed.notify_one();
}

void WorkQueue::addAfter(const std::string& key, Duration delay) {
    const std::lock_guard lock(m_mutex);
    schedule(key, std::chrono::steady_clock::now() + delay);
    m_changed.notify_one();
}

std::optional<std::string> WorkQueue::next(std::stop_token stop) {
    std::unique_lock lock(m_mutex);
    while (!stop.stop_requested()) {
        releaseDue(std::chrono::steady_clock::now());
        if (!m_order.empty()) {
            std::string key = m_order.front();
            m_order.pop_front();
            m_waiting.erase(key);
            m_working.insert(key);
            return key;
        }
        const auto ready = [this] { return !m_order.empty(); };
        if (m_scheduled.empty()) {
            m_changed.wait(lock, stop, [this] { return !m_order.empty() || !m_scheduled.empty(); });
        } else {
            const auto earliest = std::min_element(m_scheduled.begin(), m_scheduled.end(),
                                                   [](const auto& a, const auto& b) { return a.second < b.second; });
            const SteadyTime until = earliest->second;
            m_changed.wait_until(lock, stop, until, ready);
        }
    }
    return std::nullopt;
}

void WorkQueue::done(const std::string& key) {
    const std::lock_guard lock(m_mutex);
    m_working.erase(key);
    m_failures.erase(key);
    if (m_again.erase(key) > 0) {
        enqueue(key);
        m_changed.notify_one();
    }
}

void WorkQueue::failed(const std::string& key) {
    const std::lock_guard lock(m_mutex);
    m_working.erase(key);
    const unsigned count = std::min(m_failures[key]++, 20U);
    const Duration delay = std::min<Duration>(m_longestDelay, m_firstDelay * (1LL << count));
    if (m_again.erase(key) > 0) {
        enqueue(key);
    } else {
        schedule(key, std::chrono::steady_clock::now() + delay);
    }
    m_changed.notify_one();
}

std::size_t WorkQueue::waiting() const {
    const std::lock_guard lock(m_mutex);
    return m_order.size();
}

void WorkQueue::enqueue(const std::string& key) {
    if (m_working.contains(key)) {
        m_again.insert(key);
    } else if (m_waiting.insert(key).second) {
        m_order.push_back(key);
    }
}

void WorkQueue::schedule(const std::string& key, SteadyTime when) {
    if (m_waiting.contains(key)) {
        return;
    }
    const auto [place, isNew] = m_scheduled.emplace(key, when);
    if (!isNew) {
        place->second = std::min(place->second, when);
    }
}

void WorkQueue::releaseDue(SteadyTime now) {
    for (auto item = m_scheduled.begin(); item != m_scheduled.end();) {
        if (item->second <= now) {
            enqueue(item->first);
            item = m_scheduled.erase(item);
        } else {
            ++item;
        }
    }
}

} // namespace gatehouse::queue
