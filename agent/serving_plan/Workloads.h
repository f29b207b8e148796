#pragma once

#include "agent/serving_plan/ServingPlan.h"
#include "agent/settings/Settings.h"
#include "core/api/Models.h"

namespace gatehouse::serving_plan {

/// What runs the model in a cluster (serving.md §2.2, §2.3).
[[nodiscard]] Workload workloadFor(const api::LLMModel& model, const settings::Settings& settings);

/// serving.md §3.3: hex of the first 8 bytes of the SHA-256 over name, source, storage type, image, revision and model
/// id, without separators. Must stay as it is: another value restarts every model at a takeover.
[[nodiscard]] std::string configurationHash(const api::LLMModel& model);

} // namespace gatehouse::serving_plan
