#pragma once

#include "agent/serving_plan/ServingPlan.h"
#include "agent/settings/Settings.h"
#include "core/api/Models.h"
#include "core/object_store/Object.h"

#include <span>

namespace gatehouse::serving_plan {

enum class Target {
    Cluster,    ///< workloads and providers; upstream annotations mean nothing
    SingleHost, ///< upstreams: annotation gatehouse.dev/upstream of an LLMModel, provider of a PassthroughModel
};

struct Inputs {
    Target target = Target::SingleHost;
    std::vector<api::LLMModel> models;
    std::vector<api::PassthroughModel> passthroughs;
    std::vector<KeySecret> keySecrets; ///< every key Secret there is
    settings::Settings settings;       ///< Cluster only
    std::vector<Condition> unreadable; ///< carried into the plan's conditions
};

/// Client id that a key Secret holds so that it is never empty (contracts.md §9.5); it is in no allow-list.
inline constexpr const char* NoClient = "gatehouse-none";

/// Picks LLMModels, PassthroughModels and key Secrets (`*-api-keys`) out of `objects`; the rest is ignored. A model
/// that cannot be read becomes a condition. Objects should have been through api::admit.
[[nodiscard]] Inputs inputsFrom(Target target, std::span<const Object> objects, settings::Settings settings = {});

/// Pure. Of several models that claim one model id the older one (creationTimestamp, then namespace and name) keeps it
/// and the other is left out with a condition; models being deleted and models that break a rule are left out too.
/// Condition types: "Planned" (false: the model is not in the plan) and "ModelIdsAvailable", "UpstreamConfigured",
/// "KeysUsable" with the reason. A route that would be open or that nobody could use is never planned.
[[nodiscard]] ServingPlan makePlan(const Inputs& inputs);

} // namespace gatehouse::serving_plan
