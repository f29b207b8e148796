#include "agent/kubernetes_objects/KubernetesObjects.h"

#include "agent/kubernetes_objects/EppAccess.h"
#include "agent/kubernetes_objects/EppConfig.h"
#include "agent/kubernetes_objects/EppDeployment.h"
#include "agent/kubernetes_objects/EppService.h"
#include "agent/kubernetes_objects/KeyMetadata.h"
#include "agent/kubernetes_objects/KeySecret.h"
#include "agent/kubernetes_objects/ModelAuthPolicy.h"
#include "agent/kubernetes_objects/ModelDeployment.h"
#include "agent/kubernetes_objects/ModelInferencePool.h"
#include "agent/kubernetes_objects/ModelNetworkPolicy.h"
#include "agent/kubernetes_objects/ModelPodMonitor.h"
#include "agent/kubernetes_objects/ModelRoute.h"
#include "agent/kubernetes_objects/ModelService.h"
#include "agent/kubernetes_objects/ModelServiceAccount.h"
#include "agent/kubernetes_objects/ModelStorage.h"
#include "agent/kubernetes_objects/ProviderBackend.h"
#include "agent/kubernetes_objects/ProviderCredential.h"
#include "agent/kubernetes_objects/ProviderService.h"
#include "agent/kubernetes_objects/ProviderTls.h"
#include "agent/kubernetes_objects/SharedObjects.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace gatehouse::kubernetes_objects {
namespace {

/// All builders, in dependency order: what must exist first comes first. Keys and network rules come before pods,
/// policies before routes.
constexpr std::array<Builder, 19> AllBuilders{
    buildKeySecret,       buildKeyMetadata,        buildModelServiceAccount, buildEppAccess,       buildModelStorage,
    buildEppConfig,       buildModelNetworkPolicy, buildModelService,        buildEppService,      buildModelDeployment,
    buildEppDeployment,   buildModelPodMonitor,    buildModelInferencePool,  buildProviderBackend, buildProviderTls,
    buildProviderService, buildProviderCredential, buildModelAuthPolicy,     buildModelRoute,
};

struct Ranked {
    std::string nameSpace;
    std::size_t rank = 0;
    std::string name;
    std::size_t sequence = 0; ///< keeps what one builder made in its order
    Object object;
};

} // namespace

std::vector<Object> kubernetesObjects(const serving_plan::ServingPlan& plan, const settings::Settings& settings,
                                      const Options& options) {
    const Context context{settings, options.existing};
    std::vector<Ranked> ranked;
    for (const PlannedModel& model : plan.models) {
        for (std::size_t rank = 0; rank < AllBuilders.size(); ++rank) {
            std::size_t sequence = 0;
            for (json::Object& content : AllBuilders[rank](context, model)) {
                ranked.push_back({model.nameSpace, rank, model.name, sequence++, Object(std::move(content))});
            }
        }
    }
    std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
        return std::tie(a.nameSpace, a.rank, a.name, a.sequence) < std::tie(b.nameSpace, b.rank, b.name, b.sequence);
    });
    std::vector<Object> objects;
    if (options.shared) {
        objects = sharedObjects(context);
    }
    for (Ranked& entry : ranked) {
        objects.push_back(std::move(entry.object));
    }
    return objects;
}

} // namespace gatehouse::kubernetes_objects
