#include "agent/assessment/Targets.h"

#include "core/api/Models.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>
#include <set>

namespace gatehouse::assessment {
namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    return text;
}

bool behindGateway(const inventory::Endpoint& endpoint, const std::string& gatewayUrl) {
    return !gatewayUrl.empty() && (endpoint.url == gatewayUrl || endpoint.url.starts_with(gatewayUrl + "/"));
}

/// Scheme and authority of a URL: checks bring their own paths.
std::string baseOf(const std::string& url) {
    const std::size_t authority = url.find("://");
    return authority == std::string::npos ? url : url.substr(0, url.find('/', authority + 3));
}

const Object* objectOf(const inventory::Snapshot& snapshot, const inventory::ObjectReference& source) {
    const auto found = std::find_if(snapshot.objects.begin(), snapshot.objects.end(), [&](const Object& object) {
        return object.kind() == source.kind && object.apiVersion() == source.apiVersion &&
               object.nameSpace() == source.nameSpace && object.name() == source.name;
    });
    return found == snapshot.objects.end() ? nullptr : &*found;
}

std::optional<probe::Credential> bearer(Secret value) {
    if (value.empty()) {
        return std::nullopt;
    }
    return probe::Credential{.value = std::move(value)};
}

std::vector<probe::OpenRoute> openRoutesOf(const inventory::Snapshot& snapshot, const std::set<std::string>& names) {
    std::vector<probe::OpenRoute> routes;
    for (const Object& object : snapshot.objects) {
        if (object.kind() != kinds::OpenRoute.kind || !names.contains(object.text("spec.endpoint"))) {
            continue;
        }
        probe::OpenRoute route{.route = object.text("spec.route"),
                               .reason = object.text("spec.reason"),
                               .owner = object.text("spec.owner"),
                               .approver = object.text("spec.approver")};
        // A date that cannot be read must not make an entry valid for ever.
        const auto expires = parseRfc3339(object.text("spec.expires"));
        route.expires = expires ? *expires : TimePoint{};
        routes.push_back(std::move(route));
    }
    return routes;
}

bool serves(const inventory::Endpoint& endpoint, const std::string& model) {
    return endpoint.models &&
           std::find(endpoint.models->begin(), endpoint.models->end(), model) != endpoint.models->end();
}

/// The prober's key of the model object behind `endpoint`; empty for endpoints that are no model.
Secret keyFor(const TargetInputs& inputs, const inventory::Endpoint& endpoint) {
    return inputs.keys.keyOf({endpoint.source.nameSpace, endpoint.source.name});
}

/// The own key is one that opens `target.model`, the foreign one belongs to a model object that does not serve it.
void addGatewayCredentials(const TargetInputs& inputs, probe::ProbeTarget& target) {
    target.tls.caPem = inputs.gatewayCaPem;
    for (const inventory::Endpoint& endpoint : inputs.inventory.endpoints) {
        if (!behindGateway(endpoint, inputs.gatewayUrl) || !endpoint.models || endpoint.models->empty()) {
            continue;
        }
        Secret key = keyFor(inputs, endpoint);
        if (key.empty()) {
            continue;
        }
        if (serves(endpoint, target.model)) {
            target.credential = target.credential ? std::move(target.credential) : bearer(std::move(key));
        } else if (!target.foreignCredential) {
            target.foreignCredential = bearer(std::move(key));
            target.foreignModel = endpoint.models->front();
        }
    }
}

void addDeclaredCredentials(const TargetInputs& inputs, const inventory::Endpoint& endpoint, const Object& object,
                            probe::ProbeTarget& target) {
    if (object.kind() == kinds::Endpoint.kind) {
        target.tls.insecure =
            object.at("spec.tls.insecure") != nullptr && json::flag(object.value(), "spec.tls.insecure");
        if (object.at("spec.credential") != nullptr) {
            Secret value = inputs.secretValue(endpoint.source.nameSpace, object.text("spec.credential.secretName"),
                                              object.text("spec.credential.key"));
            if (!value.empty()) {
                target.credential = probe::Credential{.header = object.text("spec.credential.header", "Authorization"),
                                                      .prefix = object.text("spec.credential.prefix", "Bearer "),
                                                      .value = std::move(value)};
            }
        }
    } else if (const std::string secret = object.annotation(api::UpstreamSecretAnnotation); !secret.empty()) {
        target.credential = bearer(inputs.secretValue(endpoint.source.nameSpace, secret, "apiKey"));
    }
}

} // namespace

std::string targetName(const inventory::Endpoint& endpoint, const std::string& gatewayUrl) {
    const bool own = endpoint.source.kind == kinds::Endpoint.kind || behindGateway(endpoint, gatewayUrl);
    const std::string place = endpoint.source.nameSpace.empty() ? "" : endpoint.source.nameSpace + "/";
    return lower(endpoint.source.kind) + "/" + place + endpoint.source.name + (own ? "" : "/upstream");
}

std::vector<probe::ProbeTarget> targetsFor(const TargetInputs& inputs, const std::vector<std::string>& wanted) {
    std::vector<probe::ProbeTarget> targets;
    std::set<std::string> used;
    for (const inventory::Endpoint& endpoint : inputs.inventory.endpoints) {
        std::string name = targetName(endpoint, inputs.gatewayUrl);
        const std::set<std::string> names{name, endpoint.id, endpoint.source.name, endpoint.url};
        if (!wanted.empty() &&
            std::none_of(wanted.begin(), wanted.end(), [&](const auto& one) { return names.contains(one); })) {
            continue;
        }
        if (!used.insert(name).second) {
            name += "/" + endpoint.id;
        }
        probe::ProbeTarget target{.name = std::move(name),
                                  .id = endpoint.id,
                                  .url = baseOf(endpoint.url),
                                  .engine = endpoint.engine,
                                  .note = endpoint.engineNote};
        target.model = endpoint.models && !endpoint.models->empty() ? endpoint.models->front() : "";
        target.openRoutes = openRoutesOf(inputs.snapshot, names);
        if (behindGateway(endpoint, inputs.gatewayUrl)) {
            addGatewayCredentials(inputs, target);
        } else if (const Object* object = objectOf(inputs.snapshot, endpoint.source)) {
            addDeclaredCredentials(inputs, endpoint, *object, target);
        }
        targets.push_back(std::move(target));
    }
    return targets;
}

} // namespace gatehouse::assessment
