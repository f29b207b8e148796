#include "agent/kubernetes_objects/ModelServiceAccount.h"

namespace gatehouse::kubernetes_objects {

std::vector<json::Object> buildModelServiceAccount(const Context&, const PlannedModel& model) {
    if (!model.workload) {
        return {};
    }
    return {objectOf(model, "v1", "ServiceAccount", model.name + "-sa")};
}

} // namespace gatehouse::kubernetes_objects
