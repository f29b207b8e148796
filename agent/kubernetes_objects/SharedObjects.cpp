#include "agent/kubernetes_objects/SharedObjects.h"

#include "agent/kubernetes_objects/SharedListeners.h"

#include <algorithm>
#include <set>

namespace gatehouse::kubernetes_objects {
namespace {

constexpr const char* SharedTls = "nebari-llm-shared-tls";

json::Object sharedObject(std::string_view apiVersion, std::string_view kind, const std::string& nameSpace,
                          const std::string& name, const char* nameLabel) {
    json::Object labels{{"app.kubernetes.io/managed-by", "nebari-llm-operator"},
                        {"app.kubernetes.io/name", nameLabel},
                        {"app.kubernetes.io/component", "routing"}};
    json::Object object;
    object["apiVersion"] = apiVersion;
    object["kind"] = kind;
    object["metadata"] = json::Object{{"name", name}, {"namespace", nameSpace}, {"labels", std::move(labels)}};
    return object;
}

json::Array sectionTarget(const Listener& listener) {
    return json::Array{json::Value(json::Object{{"group", GatewayGroup},
                                                {"kind", "Gateway"},
                                                {"name", listener.gateway.name},
                                                {"sectionName", listener.section}})};
}

json::Object denyPolicy(const Listener& listener) {
    json::Object policy =
        sharedObject(std::string(EnvoyGroup) + "/v1alpha1", "SecurityPolicy", listener.gateway.nameSpace,
                     "gatehouse-deny-" + listener.section, "listener-policy");
    policy["spec"] = json::Object{{"targetRefs", sectionTarget(listener)},
                                  {"authorization", json::Object{{"defaultAction", "Deny"}}}};
    return policy;
}

json::Object headerPolicy(const Listener& listener) {
    json::Object early{{"remove", textArray({ModelHeader, ClientIdHeader, "X-Auth-User", "X-Auth-Groups"})}};
    json::Object policy =
        sharedObject(std::string(EnvoyGroup) + "/v1alpha1", "ClientTrafficPolicy", listener.gateway.nameSpace,
                     "gatehouse-headers-" + listener.section, "listener-policy");
    policy["spec"] = json::Object{{"targetRefs", sectionTarget(listener)},
                                  {"headers", json::Object{{"earlyRequestHeaders", std::move(early)}}}};
    return policy;
}

json::Object certificate(const settings::Settings& settings) {
    json::Object object =
        sharedObject("cert-manager.io/v1", "Certificate", settings.podNamespace, SharedTls, "shared-tls");
    object["spec"] = json::Object{
        {"secretName", SharedTls},
        {"dnsNames", textArray({settings.externalHost(), settings.internalHost()})},
        {"issuerRef",
         json::Object{{"kind", "ClusterIssuer"}, {"name", settings.clusterIssuerName}, {"group", "cert-manager.io"}}}};
    return object;
}

json::Object referenceGrant(const settings::Settings& settings, const std::string& gatewayNamespace) {
    json::Object from{{"group", GatewayGroup}, {"kind", "Gateway"}, {"namespace", gatewayNamespace}};
    json::Object to{{"group", ""}, {"kind", "Secret"}, {"name", tlsSecretOf(settings)}};
    json::Object object = sharedObject(std::string(GatewayGroup) + "/v1beta1", "ReferenceGrant", settings.podNamespace,
                                       std::string(SharedTls) + "-from-" + gatewayNamespace, "shared-tls");
    object["spec"] = json::Object{{"from", json::Array{json::Value(std::move(from))}},
                                  {"to", json::Array{json::Value(std::move(to))}}};
    return object;
}

} // namespace

std::string tlsSecretOf(const settings::Settings& settings) {
    return settings.tlsSecretName.empty() ? SharedTls : settings.tlsSecretName;
}

std::vector<Object> sharedObjects(const Context& context) {
    const settings::Settings& settings = context.settings;
    const std::vector<Listener> listeners{listenerOf(context, ListenerKind::External),
                                          listenerOf(context, ListenerKind::Internal)};
    std::vector<Object> objects;
    for (const Listener& listener : listeners) {
        objects.emplace_back(denyPolicy(listener));
        objects.emplace_back(headerPolicy(listener));
    }
    if (settings.podNamespace.empty() || settings.baseDomain.empty()) {
        return objects;
    }
    if (settings.tlsSecretName.empty()) {
        objects.emplace_back(certificate(settings));
    }
    std::set<std::string> granted{settings.podNamespace};
    for (const Listener& listener : listeners) {
        if (granted.insert(listener.gateway.nameSpace).second) {
            objects.emplace_back(referenceGrant(settings, listener.gateway.nameSpace));
        }
    }
    if (settings.manageSharedListeners) {
        for (Object& gateway : gatewaysWithListeners(context, listeners)) {
            objects.push_back(std::move(gateway));
        }
    }
    return objects;
}

} // namespace gatehouse::kubernetes_objects
