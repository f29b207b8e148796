#include "core/inventory/sources/ModelSource.h"

#include "core/inventory/sources/ModelFacts.h"

namespace gatehouse::inventory {
namespace {

Endpoint endpointAt(const ModelFacts& model, const std::string& url, Reach reach) {
    Endpoint endpoint;
    endpoint.id = endpointId(model.reference, url);
    endpoint.url = url;
    endpoint.models = model.models;
    endpoint.source = model.reference;
    endpoint.reach = reach;
    endpoint.engineNote = model.note;
    return endpoint;
}

Endpoint onOneHost(const ModelFacts& model, const Snapshot::StandaloneGateway& gateway) {
    Endpoint endpoint = endpointAt(model, gateway.url, isLoopbackUrl(gateway.url) ? Reach::Cluster : Reach::External);
    protectByGateway(gateway,
                     model.anyKey
                         ? "The gateway asks for an API key on every request and passes any valid key, because "
                           "the model's access is public."
                         : "The gateway asks for an API key on every request and passes only keys that were "
                           "issued for this model.",
                     endpoint);
    return endpoint;
}

Endpoint inCluster(const ModelFacts& model, const std::string& url, Reach reach) {
    Endpoint endpoint = endpointAt(model, url, reach);
    endpoint.authentication.reason = "The status of " + describe(model.reference) +
                                     " names this address; the gateway objects in front of it were "
                                     "not inspected.";
    return endpoint;
}

} // namespace

SourceResult ModelSource::collect(const Snapshot& snapshot) const {
    SourceResult result;
    for (const ModelFacts& model : modelsOf(snapshot, result.notInspected)) {
        if (!snapshot.standalone) {
            if (!model.externalStatus.empty() && model.external) {
                result.endpoints.push_back(inCluster(model, model.externalStatus, Reach::External));
            }
            if (!model.internalStatus.empty()) {
                result.endpoints.push_back(inCluster(model, model.internalStatus, Reach::Cluster));
            }
            if (model.externalStatus.empty() && model.internalStatus.empty()) {
                result.notInspected.push_back({describe(model.reference), "its status names no address"});
            }
        } else if (!model.external) {
            result.notInspected.push_back(
                {describe(model.reference), "its external endpoint is off, and one host has no other"});
        } else if (model.upstream.empty() && model.provider.empty()) {
            result.notInspected.push_back(
                {describe(model.reference),
                 "it has no annotation gatehouse.dev/upstream, so this host does not serve it"});
        } else {
            result.endpoints.push_back(onOneHost(model, *snapshot.standalone));
        }
    }
    return result;
}

} // namespace gatehouse::inventory
