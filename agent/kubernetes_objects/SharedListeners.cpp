#include "agent/kubernetes_objects/SharedListeners.h"

#include <algorithm>

namespace gatehouse::kubernetes_objects {
namespace {

json::Object listenerObject(const settings::Settings& settings, const Listener& listener) {
    json::Object secret{{"kind", "Secret"}, {"name", tlsSecretOf(settings)}, {"namespace", settings.podNamespace}};
    return {
        {"name", listener.section},
        {"protocol", "HTTPS"},
        {"port", 443},
        {"hostname", listener.host},
        {"tls", json::Object{{"mode", "Terminate"}, {"certificateRefs", json::Array{json::Value(std::move(secret))}}}},
        {"allowedRoutes", json::Object{{"namespaces", json::Object{{"from", "All"}}}}}};
}

/// Whether `have` says everything that `want` says; it may say more.
bool covers(const json::Value& have, const json::Value& want) {
    if (const json::Object* members = want.if_object()) {
        return std::all_of(members->begin(), members->end(), [&](const auto& member) {
            const json::Value* found = json::find(have, member.key());
            return found != nullptr && covers(*found, member.value());
        });
    }
    if (const json::Array* items = want.if_array()) {
        const json::Array* others = have.if_array();
        return others != nullptr && others->size() == items->size() &&
               std::equal(items->begin(), items->end(), others->begin(),
                          [](const json::Value& item, const json::Value& other) { return covers(other, item); });
    }
    return have == want;
}

void mergeListener(json::Array& listeners, json::Object wanted) {
    const std::string name(wanted["name"].as_string());
    const auto found = std::find_if(listeners.begin(), listeners.end(),
                                    [&](const json::Value& listener) { return json::text(listener, "name") == name; });
    if (found == listeners.end()) {
        listeners.push_back(std::move(wanted));
    } else if (!covers(*found, wanted)) {
        *found = std::move(wanted);
    }
}

void dropServerFields(Object& gateway) {
    gateway.content().erase("status");
    for (const char* field :
         {"managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink"}) {
        gateway.metadata().erase(field);
    }
}

bool isGateway(const Object& object, const settings::GatewayReference& reference) {
    const std::string nameSpace = object.nameSpace().empty() ? "default" : object.nameSpace();
    return object.kind() == "Gateway" && groupVersionOf(object.apiVersion()).group == GatewayGroup &&
           object.name() == reference.name && nameSpace == reference.nameSpace;
}

} // namespace

std::vector<Object> gatewaysWithListeners(const Context& context, const std::vector<Listener>& listeners) {
    std::vector<Object> gateways;
    for (const Object& existing : context.existing) {
        Object gateway = existing;
        bool ours = false;
        for (const Listener& listener : listeners) {
            if (!isGateway(gateway, listener.gateway)) {
                continue;
            }
            ours = true;
            json::Object& spec = json::objectAt(gateway.content(), "spec");
            json::Value& list = spec["listeners"];
            if (!list.is_array()) {
                list = json::Array{};
            }
            mergeListener(list.get_array(), listenerObject(context.settings, listener));
        }
        if (ours) {
            dropServerFields(gateway);
            gateways.push_back(std::move(gateway));
        }
    }
    return gateways;
}

} // namespace gatehouse::kubernetes_objects
