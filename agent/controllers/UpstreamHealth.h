#pragma once

#include "agent/serving_plan/ServingPlan.h"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gatehouse::controllers {

/// Whether the model server behind a model answers at all.
struct UpstreamState {
    bool known = false;
    bool reachable = false;
    std::string message; ///< why not
};

/// Asks every model server of the plan for `/health` now and then (any HTTP answer below 500 counts) and reports
/// changes. Providers of passthrough models are not asked: their state stays unknown. Thread-safe.
class UpstreamHealth {
public:
    using Changed = std::function<void()>;
    UpstreamHealth(Changed changed, std::chrono::milliseconds interval = std::chrono::milliseconds(5'000));

    /// Sets what to watch and has it asked soon.
    void watch(const serving_plan::ServingPlan& plan);
    [[nodiscard]] UpstreamState stateOf(const std::string& nameSpace, const std::string& name) const;

private:
    using Key = std::pair<std::string, std::string>;
    void run(std::stop_token stop);

    Changed m_changed;
    const std::chrono::milliseconds m_interval;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_soon = false;
    std::map<Key, serving_plan::Upstream> m_upstreams;
    std::map<Key, UpstreamState> m_states;
    std::jthread m_thread; ///< last, so that it ends first
};

} // namespace gatehouse::controllers
