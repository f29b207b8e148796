#include "agent/kubernetes_objects/ModelRoute.h"

#include "agent/kubernetes_objects/RouteShards.h"

namespace gatehouse::kubernetes_objects {
namespace {

json::Object exactHeader(const char* name, const std::string& value) {
    json::Object header{{"type", "Exact"}, {"name", name}, {"value", value}};
    return {{"headers", json::Array{json::Value(std::move(header))}}};
}

json::Array matchesOf(const RouteRule& rule, const Listener& listener) {
    json::Array matches;
    if (rule.catchAll) {
        matches.push_back(exactHeader("Host", listener.host));
    }
    for (const std::string& id : rule.modelIds) {
        matches.push_back(exactHeader(ModelHeader, id));
    }
    return matches;
}

/// A served model's route points at its pool; a provider's at the AIServiceBackend.
json::Object backendOf(const PlannedModel& model) {
    json::Object backend{{"name", model.name}};
    if (isServed(model)) {
        backend["group"] = InferenceGroup;
        backend["kind"] = "InferencePool";
    }
    return backend;
}

json::Object routeRule(const PlannedModel& model, const RouteRule& rule, const Listener& listener, ListenerKind kind) {
    json::Object object{{"matches", matchesOf(rule, listener)},
                        {"backendRefs", json::Array{json::Value(backendOf(model))}},
                        {"timeouts", json::Object{{"request", rule.timeout}}}};
    if (!isServed(model) && !rule.catchAll && kind == ListenerKind::External) {
        object["modelsOwnedBy"] = model.name;
    }
    return object;
}

json::Object routeOf(const PlannedModel& model, const RouteShard& shard, const Listener& listener, ListenerKind kind) {
    json::Array rules;
    for (const RouteRule& rule : shard.rules) {
        rules.push_back(routeRule(model, rule, listener, kind));
    }
    json::Object parent{
        {"name", listener.gateway.name}, {"namespace", listener.gateway.nameSpace}, {"sectionName", listener.section}};
    json::Object route = objectOf(model, std::string(AiGatewayGroup) + "/v1alpha1", "AIGatewayRoute", shard.name);
    route["spec"] =
        json::Object{{"parentRefs", json::Array{json::Value(std::move(parent))}}, {"rules", std::move(rules)}};
    return route;
}

} // namespace

std::vector<json::Object> buildModelRoute(const Context& context, const PlannedModel& model) {
    std::vector<json::Object> routes;
    for (const ListenerKind kind : {ListenerKind::External, ListenerKind::Internal}) {
        const Listener listener = listenerOf(context, kind);
        for (const RouteShard& shard : routeShards(model, kind, listener)) {
            routes.push_back(routeOf(model, shard, listener, kind));
        }
    }
    return routes;
}

} // namespace gatehouse::kubernetes_objects
