#include "agent/kubernetes_objects/ModelStorage.h"

namespace gatehouse::kubernetes_objects {

std::vector<json::Object> buildModelStorage(const Context&, const PlannedModel& model) {
    if (!model.workload || !model.workload->files.claim) {
        return {};
    }
    const serving_plan::ModelFiles& files = model.workload->files;
    json::Object claim = objectOf(model, "v1", "PersistentVolumeClaim", model.name + "-model-storage");
    claim["metadata"].as_object().erase("labels");
    json::Object spec{{"accessModes", json::Array{json::Value("ReadWriteOnce")}},
                      {"resources", json::Object{{"requests", json::Object{{"storage", files.size}}}}}};
    if (!files.storageClass.empty()) {
        spec["storageClassName"] = files.storageClass;
    }
    claim["spec"] = std::move(spec);
    return {std::move(claim)};
}

} // namespace gatehouse::kubernetes_objects
