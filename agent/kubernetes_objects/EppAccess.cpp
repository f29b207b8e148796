#include "agent/kubernetes_objects/EppAccess.h"

namespace gatehouse::kubernetes_objects {
namespace {

json::Object readRule(const char* group, const std::vector<std::string>& resources) {
    return {{"apiGroups", json::Array{json::Value(group)}},
            {"resources", textArray(resources)},
            {"verbs", textArray({"get", "list", "watch"})}};
}

} // namespace

std::vector<json::Object> buildEppAccess(const Context&, const PlannedModel& model) {
    if (!model.workload) {
        return {};
    }
    const std::string name = model.name + "-epp";
    json::Object role = objectOf(model, "rbac.authorization.k8s.io/v1", "Role", name);
    role["rules"] = json::Array{
        json::Value(readRule(InferenceGroup, {"inferencepools"})),
        json::Value(readRule("inference.networking.x-k8s.io", {"inferenceobjectives", "inferencemodelrewrites",
                                                               "inferencepools", "inferencepoolimports"})),
        json::Value(readRule("", {"pods"})), json::Value(readRule("", {"endpoints", "services"}))};
    json::Object binding = objectOf(model, "rbac.authorization.k8s.io/v1", "RoleBinding", name);
    binding["roleRef"] = json::Object{{"apiGroup", "rbac.authorization.k8s.io"}, {"kind", "Role"}, {"name", name}};
    binding["subjects"] = json::Array{json::Value(json::Object{{"kind", "ServiceAccount"}, {"name", name}})};
    return {objectOf(model, "v1", "ServiceAccount", name), std::move(role), std::move(binding)};
}

} // namespace gatehouse::kubernetes_objects
