#include "core/inventory/sources/GatewaySource.h"

#include "core/inventory/sources/ModelFacts.h"

#include <set>

namespace gatehouse::inventory {

SourceResult GatewaySource::collect(const Snapshot& snapshot) const {
    SourceResult result;
    if (!snapshot.standalone || snapshot.standalone->url.empty()) {
        return result;
    }
    std::set<std::string> names;
    bool any = false;
    std::vector<NotInspected> ignored; // ModelSource reports them
    for (const ModelFacts& model : modelsOf(snapshot, ignored)) {
        if (model.external && !(model.upstream.empty() && model.provider.empty())) {
            any = any || !model.models;
            if (model.models) {
                names.insert(model.models->begin(), model.models->end());
            }
        }
    }
    Endpoint endpoint;
    endpoint.source = gatewayReference();
    endpoint.url = snapshot.standalone->url;
    endpoint.id = endpointId(endpoint.source, endpoint.url);
    if (!any) {
        endpoint.models = std::vector<std::string>(names.begin(), names.end());
    }
    endpoint.reach = isLoopbackUrl(endpoint.url) ? Reach::Cluster : Reach::External;
    protectByGateway(*snapshot.standalone,
                     "The gateway asks for an API key on every request, whatever the path, and passes only the models "
                     "that the key was issued for.",
                     endpoint);
    result.endpoints.push_back(std::move(endpoint));
    return result;
}

} // namespace gatehouse::inventory
