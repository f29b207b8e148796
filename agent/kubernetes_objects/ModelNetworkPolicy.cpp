#include "agent/kubernetes_objects/ModelNetworkPolicy.h"

namespace gatehouse::kubernetes_objects {
namespace {

json::Object fromNamespace(const std::string& name) {
    return {{"namespaceSelector", json::Object{{"matchLabels", json::Object{{"kubernetes.io/metadata.name", name}}}}}};
}

json::Object ruleFrom(json::Object peer) {
    return {{"from", json::Array{json::Value(std::move(peer))}}};
}

} // namespace

std::vector<json::Object> buildModelNetworkPolicy(const Context& context, const PlannedModel& model) {
    if (!model.workload) {
        return {};
    }
    json::Array rules;
    const std::string& external = context.settings.externalGateway.nameSpace;
    const std::string& internal = context.settings.internalGateway.nameSpace;
    if (!external.empty()) {
        rules.push_back(ruleFrom(fromNamespace(external)));
    }
    if (!internal.empty() && internal != external) {
        rules.push_back(ruleFrom(fromNamespace(internal)));
    }
    rules.push_back(
        ruleFrom({{"podSelector", json::Object{{"matchLabels", json::Object{{"app.kubernetes.io/name", "epp"}}}}}}));
    json::Object monitoring = ruleFrom(fromNamespace("monitoring"));
    monitoring["ports"] = json::Array{json::Value(json::Object{{"port", ServingPort}, {"protocol", "TCP"}})};
    rules.push_back(std::move(monitoring));

    json::Object selector = selectorOf(model);
    selector["llm.nebari.dev/model"] = model.name;
    json::Object policy = objectOf(model, "networking.k8s.io/v1", "NetworkPolicy", model.name + "-deny-direct");
    policy["spec"] = json::Object{{"podSelector", json::Object{{"matchLabels", std::move(selector)}}},
                                  {"policyTypes", json::Array{json::Value("Ingress")}},
                                  {"ingress", std::move(rules)}};
    return {std::move(policy)};
}

} // namespace gatehouse::kubernetes_objects
