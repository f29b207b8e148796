#include "agent/kubernetes_objects/EppDeployment.h"

namespace gatehouse::kubernetes_objects {
namespace {

json::Object containerPort(const char* name, int number) {
    return {{"name", name}, {"containerPort", number}, {"protocol", "TCP"}};
}

json::Object healthProbe() {
    return {{"grpc", json::Object{{"port", EppHealthPort}, {"service", "envoy.service.ext_proc.v3.ExternalProcessor"}}},
            {"initialDelaySeconds", 5},
            {"periodSeconds", 10}};
}

json::Object pickerContainer(const PlannedModel& model) {
    json::Object picker = container("epp", model.workload->schedulerImage);
    picker["args"] = textArray({"--pool-name", model.name, "--pool-namespace", model.nameSpace, "--grpc-port",
                                std::to_string(EppPort), "--grpc-health-port", std::to_string(EppHealthPort),
                                "--metrics-port", std::to_string(EppMetricsPort), "--config-file",
                                "/etc/epp/epp-config.yaml", "--zap-encoder", "json", "--v", "4"});
    picker["ports"] = json::Array{json::Value(containerPort("grpc", EppPort)),
                                  json::Value(containerPort("grpc-health", EppHealthPort)),
                                  json::Value(containerPort("metrics", EppMetricsPort))};
    picker["resources"] = json::Object{{"requests", json::Object{{"cpu", "100m"}, {"memory", "256Mi"}}},
                                       {"limits", json::Object{{"cpu", "500m"}, {"memory", "512Mi"}}}};
    picker["livenessProbe"] = healthProbe();
    picker["readinessProbe"] = healthProbe();
    picker["volumeMounts"] =
        json::Array{json::Value(json::Object{{"name", "epp-config"}, {"mountPath", "/etc/epp"}, {"readOnly", true}})};
    return picker;
}

} // namespace

std::vector<json::Object> buildEppDeployment(const Context&, const PlannedModel& model) {
    if (!model.workload) {
        return {};
    }
    json::Object deployment = objectOf(model, "apps/v1", "Deployment", model.name + "-epp");
    deployment["metadata"].as_object()["labels"] = labelsOf(model, "epp");
    json::Object volume{{"name", "epp-config"}, {"configMap", json::Object{{"name", model.name + "-epp-config"}}}};
    json::Object pod{{"serviceAccountName", model.name + "-epp"},
                     {"containers", json::Array{json::Value(pickerContainer(model))}},
                     {"volumes", json::Array{json::Value(std::move(volume))}}};
    json::Object podTemplate{{"metadata", json::Object{{"labels", labelsOf(model, "epp")}}}, {"spec", std::move(pod)}};
    deployment["spec"] = json::Object{{"replicas", 1},
                                      {"selector", json::Object{{"matchLabels", selectorOf(model, "epp")}}},
                                      {"template", std::move(podTemplate)}};
    return {std::move(deployment)};
}

} // namespace gatehouse::kubernetes_objects
