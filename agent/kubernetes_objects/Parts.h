#pragma once

#include "agent/serving_plan/ServingPlan.h"
#include "agent/settings/Settings.h"
#include "core/object_store/Object.h"

#include <span>
#include <string>
#include <vector>

namespace gatehouse::kubernetes_objects {

using serving_plan::ListenerKind;
using serving_plan::PlannedModel;

/// What every builder sees.
struct Context {
    const settings::Settings& settings;
    std::span<const Object> existing;
};

/// A builder makes none, one or several objects of one sort for one model.
using Builder = std::vector<json::Object> (*)(const Context& context, const PlannedModel& model);

inline constexpr int ServingPort = 8000;
inline constexpr int EppPort = 9002;
inline constexpr int EppHealthPort = 9003;
inline constexpr int EppMetricsPort = 9090;
inline constexpr const char* GpuResource = "nvidia.com/gpu";
inline constexpr const char* ModelHeader = "x-ai-eg-model";
inline constexpr const char* ClientIdHeader = "x-llm-client-id";
inline constexpr const char* GatewayGroup = "gateway.networking.k8s.io";
inline constexpr const char* EnvoyGroup = "gateway.envoyproxy.io";
inline constexpr const char* AiGatewayGroup = "aigateway.envoyproxy.io";
inline constexpr const char* InferenceGroup = "inference.networking.k8s.io";

[[nodiscard]] bool isServed(const PlannedModel& model);

/// The four labels of serving.md; `nameLabel` takes the place of app.kubernetes.io/name when given.
[[nodiscard]] json::Object labelsOf(const PlannedModel& model, std::string_view nameLabel = {});
/// Labels that pick the model's pods; with the name label, only those of the model server or of its picker.
[[nodiscard]] json::Object selectorOf(const PlannedModel& model, std::string_view nameLabel = {});

enum class Owned { Yes, No };

/// apiVersion, kind and metadata (labels, and the model as controlling owner) of an object of this model. Without a uid
/// (a model that was never stored) the owner reference has none; the API server wants one.
[[nodiscard]] json::Object objectOf(const PlannedModel& model, std::string_view apiVersion, std::string_view kind,
                                    const std::string& name, Owned owned = Owned::Yes);

[[nodiscard]] json::Array textArray(const std::vector<std::string>& texts);
[[nodiscard]] json::Object container(const std::string& name, const std::string& image);

/// The listener's Gateway, section and host.
struct Listener {
    settings::GatewayReference gateway;
    std::string section;
    std::string host;
    std::string suffix; ///< "external" or "internal"
};

[[nodiscard]] Listener listenerOf(const Context& context, ListenerKind kind);
[[nodiscard]] std::vector<serving_plan::PlannedRoute> routesOn(const PlannedModel& model, ListenerKind kind);

/// The existing object, or null.
[[nodiscard]] const Object* findExisting(const Context& context, std::string_view kind, const std::string& nameSpace,
                                         const std::string& name);

} // namespace gatehouse::kubernetes_objects
