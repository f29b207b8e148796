#include "core/inventory/sources/UpstreamSource.h"

#include "core/api/Validation.h"
#include "core/inventory/sources/ModelFacts.h"

namespace gatehouse::inventory {
namespace {

void addOpenUpstream(const ModelFacts& model, bool local, Endpoint& endpoint) {
    endpoint.authentication.required = Required::No;
    endpoint.authentication.reason =
        "The gateway forwards to this model server without a credential, so the server takes requests without one.";
    endpoint.findings.push_back(
        local ? Finding{"upstream-unauthenticated", "medium",
                        "Every process on this host can use the model server of " + describe(model.reference) +
                            " without a key, past the gateway and its log."}
              : Finding{"upstream-unauthenticated", "high",
                        "Whoever reaches " + model.upstream + " over the network can use the model server of " +
                            describe(model.reference) + " without a key, past the gateway and its log."});
}

Endpoint upstreamOf(const ModelFacts& model) {
    Endpoint endpoint;
    endpoint.id = endpointId(model.reference, model.upstream);
    endpoint.url = model.upstream;
    endpoint.models = model.models;
    endpoint.source = model.reference;
    endpoint.engineNote = model.note;
    const bool local = isLoopbackUrl(model.upstream);
    endpoint.reach = local ? Reach::Cluster : Reach::Unknown;
    if (model.upstreamSecret.empty()) {
        addOpenUpstream(model, local, endpoint);
    } else {
        // That the gateway sends a key does not show that the server asks for one: only the probe can tell.
        endpoint.authentication.required = Required::Unknown;
        endpoint.authentication.mechanisms = {"api-key"};
        endpoint.authentication.reason =
            "The gateway sends the key of Secret " + model.upstreamSecret +
            " to this model server; whether the server insists on it is for the probe to show.";
    }
    if (!local && model.upstream.starts_with("http://")) {
        endpoint.findings.push_back(
            {"upstream-plain-http", "medium",
             "Prompts and answers between the gateway and " + model.upstream + " cross the network unencrypted."});
    }
    return endpoint;
}

} // namespace

SourceResult UpstreamSource::collect(const Snapshot& snapshot) const {
    SourceResult result;
    if (!snapshot.standalone) {
        return result;
    }
    std::vector<NotInspected> ignored; // ModelSource reports them
    for (const ModelFacts& model : modelsOf(snapshot, ignored)) {
        if (!model.provider.empty()) {
            result.notInspected.push_back({"provider " + model.provider + " of " + describe(model.reference),
                                           "it belongs to the provider; the gateway sends the provider's credential"});
        } else if (!model.upstream.empty()) {
            if (api::parseUpstreamUrl(model.upstream)) {
                result.endpoints.push_back(upstreamOf(model));
            } else {
                result.notInspected.push_back({"upstream of " + describe(model.reference),
                                               "its annotation gatehouse.dev/upstream is no usable URL"});
            }
        }
    }
    return result;
}

} // namespace gatehouse::inventory
