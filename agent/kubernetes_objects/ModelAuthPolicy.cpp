#include "agent/kubernetes_objects/ModelAuthPolicy.h"

#include "agent/kubernetes_objects/RouteShards.h"

#include <functional>

namespace gatehouse::kubernetes_objects {
namespace {

/// Caps of the SecurityPolicy API (serving.md F-1, F-2). A longer list would be refused as a whole, which would freeze
/// revocations, so it goes into several rules; one that allows is enough.
constexpr std::size_t ValuesPerHeaderRule = 256;
constexpr std::size_t ValuesPerClaimRule = 128;

json::Array routeTargets(const std::vector<RouteShard>& shards) {
    json::Array targets;
    for (const RouteShard& shard : shards) {
        targets.push_back(json::Object{{"group", GatewayGroup}, {"kind", "HTTPRoute"}, {"name", shard.name}});
    }
    return targets;
}

using Principal = std::function<json::Object(json::Array values)>;

/// Denies all but `values`; without values there is no `rules` at all.
json::Object allowOnly(const std::string& ruleName, const std::vector<std::string>& values, std::size_t most,
                       const Principal& principal) {
    json::Object authorization{{"defaultAction", "Deny"}};
    json::Array rules;
    for (std::size_t at = 0; at < values.size(); at += most) {
        json::Array part;
        for (std::size_t i = at; i < std::min(values.size(), at + most); ++i) {
            part.emplace_back(values[i]);
        }
        const std::string number = at == 0 ? std::string() : "-" + std::to_string(at / most + 1);
        rules.push_back(
            json::Object{{"name", ruleName + number}, {"action", "Allow"}, {"principal", principal(std::move(part))}});
    }
    if (!rules.empty()) {
        authorization["rules"] = std::move(rules);
    }
    return authorization;
}

json::Object keyPrincipal(json::Array clientIds) {
    json::Object header{{"name", ClientIdHeader}, {"values", std::move(clientIds)}};
    return {{"headers", json::Array{json::Value(std::move(header))}}};
}

json::Object policyOf(const PlannedModel& model, const Listener& listener, json::Object spec) {
    json::Object policy = objectOf(model, std::string(EnvoyGroup) + "/v1alpha1", "SecurityPolicy",
                                   model.name + "-" + listener.suffix + "-auth");
    policy["spec"] = std::move(spec);
    return policy;
}

json::Object keyPolicy(const Context& context, const PlannedModel& model, const std::vector<RouteShard>& shards) {
    json::Array secrets;
    for (const std::string& name : model.credentialPool) {
        secrets.push_back(json::Object{{"group", ""}, {"kind", "Secret"}, {"name", name}});
    }
    json::Object keys{
        {"credentialRefs", std::move(secrets)},
        {"extractFrom", json::Array{json::Value(json::Object{{"headers", textArray({"Authorization"})}})}},
        {"forwardClientIDHeader", ClientIdHeader},
        {"sanitize", true}};
    const std::vector<serving_plan::PlannedRoute> routes = routesOn(model, ListenerKind::External);
    return policyOf(model, listenerOf(context, ListenerKind::External),
                    {{"targetRefs", routeTargets(shards)},
                     {"apiKeyAuth", std::move(keys)},
                     {"authorization", allowOnly("allow-model-clients", routes.front().callers.clientIds,
                                                 ValuesPerHeaderRule, keyPrincipal)}});
}

json::Object tokenProvider(const settings::Settings& settings) {
    std::string issuer = settings.oidcIssuerUrl;
    while (issuer.ends_with('/')) {
        issuer.pop_back();
    }
    json::Object provider{
        {"name", "oidc"},
        {"issuer", settings.oidcIssuerUrl},
        {"remoteJWKS", json::Object{{"uri", issuer + "/protocol/openid-connect/certs"}}},
        {"claimToHeaders",
         json::Array{json::Value(json::Object{{"header", "X-Auth-Groups"}, {"claim", settings.oidcGroupsClaim}}),
                     json::Value(json::Object{{"header", "X-Auth-User"}, {"claim", "preferred_username"}})}}};
    if (!settings.oidcAudience.empty()) {
        provider["audiences"] = textArray({settings.oidcAudience});
    }
    return provider;
}

json::Object tokenPolicy(const Context& context, const PlannedModel& model, const std::vector<RouteShard>& shards) {
    const serving_plan::CallerRule callers = routesOn(model, ListenerKind::Internal).front().callers;
    json::Object spec{{"targetRefs", routeTargets(shards)},
                      {"jwt", json::Object{{"providers", json::Array{json::Value(tokenProvider(context.settings))}}}}};
    if (!callers.anyAuthenticated) {
        const std::string& claimName = context.settings.oidcGroupsClaim;
        spec["authorization"] =
            allowOnly("allow-groups", callers.groups, ValuesPerClaimRule, [&claimName](json::Array groups) {
                json::Object claim{{"name", claimName}, {"valueType", "StringArray"}, {"values", std::move(groups)}};
                return json::Object{{"jwt", json::Object{{"provider", "oidc"},
                                                         {"claims", json::Array{json::Value(std::move(claim))}}}}};
            });
    }
    return policyOf(model, listenerOf(context, ListenerKind::Internal), std::move(spec));
}

} // namespace

std::vector<json::Object> buildModelAuthPolicy(const Context& context, const PlannedModel& model) {
    std::vector<json::Object> policies;
    const auto shardsOn = [&](ListenerKind kind) { return routeShards(model, kind, listenerOf(context, kind)); };
    if (const auto shards = shardsOn(ListenerKind::External); !shards.empty()) {
        policies.push_back(keyPolicy(context, model, shards));
    }
    if (const auto shards = shardsOn(ListenerKind::Internal); !shards.empty()) {
        policies.push_back(tokenPolicy(context, model, shards));
    }
    return policies;
}

} // namespace gatehouse::kubernetes_objects
