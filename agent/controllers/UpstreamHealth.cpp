#include "agent/controllers/UpstreamHealth.h"

#include "core/http/HttpClient.h"

namespace gatehouse::controllers {
namespace {

UpstreamState ask(const serving_plan::Upstream& upstream, std::stop_token stop) {
    const bool ipv6 = upstream.host.find(':') != std::string::npos;
    const std::string url = upstream.scheme + "://" + (ipv6 ? "[" + upstream.host + "]" : upstream.host) + ":" +
                            std::to_string(upstream.port);
    http::HttpClient client({.baseUrl = url,
                             .connectTimeout = std::chrono::milliseconds(2'000),
                             .headerTimeout = std::chrono::milliseconds(3'000),
                             .bodyTimeout = std::chrono::milliseconds(3'000),
                             .maxBodyBytes = 64U << 10});
    const auto answer = client.send({.target = "/health"}, stop);
    if (!answer) {
        return {true, false, "the model server at " + url + " does not answer: " + answer.error().message};
    }
    if (answer->status >= 500) {
        return {true, false, "the model server at " + url + " answers " + std::to_string(answer->status)};
    }
    return {true, true, ""};
}

} // namespace

UpstreamHealth::UpstreamHealth(Changed changed, std::chrono::milliseconds interval)
    : m_changed(std::move(changed)),
      m_interval(interval),
      m_thread([this](std::stop_token stop) { run(stop); }) {}

void UpstreamHealth::watch(const serving_plan::ServingPlan& plan) {
    const std::lock_guard lock(m_mutex);
    m_upstreams.clear();
    for (const auto& model : plan.models) {
        if (model.kind == serving_plan::ModelKind::Served && model.upstream) {
            m_upstreams[{model.nameSpace, model.name}] = *model.upstream;
        }
    }
    std::erase_if(m_states, [this](const auto& item) { return !m_upstreams.contains(item.first); });
    m_soon = true;
    m_wake.notify_all();
}

UpstreamState UpstreamHealth::stateOf(const std::string& nameSpace, const std::string& name) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_states.find({nameSpace, name});
    return found == m_states.end() ? UpstreamState{} : found->second;
}

void UpstreamHealth::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        std::map<Key, serving_plan::Upstream> upstreams;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait_for(lock, stop, m_interval, [this] { return m_soon; });
            m_soon = false;
            upstreams = m_upstreams;
        }
        bool changed = false;
        for (const auto& [key, upstream] : upstreams) {
            if (stop.stop_requested()) {
                return;
            }
            UpstreamState state = ask(upstream, stop);
            const std::lock_guard lock(m_mutex);
            UpstreamState& old = m_states[key];
            changed =
                changed || old.known != state.known || old.reachable != state.reachable || old.message != state.message;
            old = std::move(state);
        }
        if (changed && !stop.stop_requested()) {
            m_changed();
        }
    }
}

} // namespace gatehouse::controllers
