#pragma once

#include "agent/kubernetes_objects/Parts.h"

namespace gatehouse::kubernetes_objects {

/// The HTTPRoute that Envoy AI Gateway makes of an AIGatewayRoute takes 64 matches a rule and 128 in all (serving.md
/// F-3), of which the catch-all rule and the controller's own last rule need one each.
inline constexpr std::size_t MatchesPerRule = 64;
inline constexpr std::size_t MatchesPerRoute = 126;

struct RouteRule {
    std::vector<std::string> modelIds; ///< empty with catchAll
    bool catchAll = false;
    std::string timeout;
};

/// One AIGatewayRoute: `N-external`, and `N-external-2`, … when one cannot hold all ids.
struct RouteShard {
    std::string name;
    std::vector<RouteRule> rules;
};

/// Empty if the model is not on that listener. The catch-all rule is the last of all.
[[nodiscard]] std::vector<RouteShard> routeShards(const PlannedModel& model, ListenerKind kind,
                                                  const Listener& listener);

} // namespace gatehouse::kubernetes_objects
