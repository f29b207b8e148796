#include "agent/kubernetes_objects/RouteShards.h"

#include <algorithm>

namespace gatehouse::kubernetes_objects {
namespace {

class Sharder {
public:
    explicit Sharder(std::string name) : m_name(std::move(name)) {}

    void addIds(const std::vector<std::string>& ids, const std::string& timeout) {
        for (std::size_t at = 0; at < ids.size();) {
            const std::size_t room = std::min(MatchesPerRule, MatchesPerRoute - m_matches);
            if (m_shards.empty() || room == 0) {
                startShard();
                continue;
            }
            const std::size_t count = std::min(room, ids.size() - at);
            const auto first = ids.begin() + static_cast<std::ptrdiff_t>(at);
            m_shards.back().rules.push_back({{first, first + static_cast<std::ptrdiff_t>(count)}, false, timeout});
            m_matches += count;
            at += count;
        }
    }

    void addCatchAll(const std::string& timeout) {
        if (m_shards.empty()) {
            startShard();
        }
        m_shards.back().rules.push_back({{}, true, timeout});
    }

    std::vector<RouteShard> take() { return std::move(m_shards); }

private:
    void startShard() {
        const std::string number = m_shards.empty() ? std::string() : "-" + std::to_string(m_shards.size() + 1);
        m_shards.push_back({m_name + number, {}});
        m_matches = 0;
    }

    std::string m_name;
    std::size_t m_matches = 0;
    std::vector<RouteShard> m_shards;
};

} // namespace

std::vector<RouteShard> routeShards(const PlannedModel& model, ListenerKind kind, const Listener& listener) {
    Sharder sharder(model.name + "-" + listener.suffix);
    const std::vector<serving_plan::PlannedRoute> routes = routesOn(model, kind);
    for (const serving_plan::PlannedRoute& route : routes) {
        sharder.addIds(route.modelIds, route.timeoutText);
    }
    for (const serving_plan::PlannedRoute& route : routes) {
        if (route.catchAll) {
            sharder.addCatchAll(route.timeoutText);
        }
    }
    return sharder.take();
}

} // namespace gatehouse::kubernetes_objects
