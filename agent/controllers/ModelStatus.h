#pragma once

#include "agent/controllers/UpstreamHealth.h"
#include "agent/serving_plan/ServingPlan.h"
#include "core/object_store/Object.h"
#include "core/result/Result.h"
#include "core/time/Clock.h"

#include <string>

namespace gatehouse::controllers {

[[nodiscard]] bool isPlanned(const serving_plan::ServingPlan& plan, const std::string& nameSpace,
                             const std::string& name);

/// What the status of a model is made of, besides the model.
struct ModelFacts {
    const serving_plan::ServingPlan& plan;
    const Result<void>& routed; ///< whether the gateway confirmed that plan
    const UpstreamState& upstream;
    const std::string& externalUrl;
    TimePoint now;
};

/// The whole status to be written: phase, endpoints, replicas and conditions. Conditions of others, and the transition
/// times of those that stay as they are, come from the model's present status. Pure.
[[nodiscard]] json::Object statusOf(const Object& model, const ModelFacts& facts);

} // namespace gatehouse::controllers
