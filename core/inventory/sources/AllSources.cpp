#include "core/inventory/sources/EndpointObjectSource.h"
#include "core/inventory/sources/GatewaySource.h"
#include "core/inventory/sources/ModelSource.h"
#include "core/inventory/sources/UnreadKinds.h"
#include "core/inventory/sources/UpstreamSource.h"

namespace gatehouse::inventory {

std::vector<std::unique_ptr<EndpointSource>> allSources() {
    std::vector<std::unique_ptr<EndpointSource>> list;
    list.push_back(std::make_unique<EndpointObjectSource>());
    list.push_back(std::make_unique<GatewaySource>());
    list.push_back(std::make_unique<ModelSource>());
    list.push_back(std::make_unique<UnreadKinds>());
    list.push_back(std::make_unique<UpstreamSource>());
    return list;
}

} // namespace gatehouse::inventory
