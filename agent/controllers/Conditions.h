#pragma once

#include "core/json/Json.h"
#include "core/time/Clock.h"

#include <string>

namespace gatehouse::controllers {

enum class Truth { True, False, Unknown };

/// One metav1.Condition to be written.
struct ConditionUpdate {
    std::string type;
    Truth status = Truth::Unknown;
    std::string reason; ///< UpperCamel, never empty
    std::string message;
    std::int64_t observedGeneration = 0;
};

/// Sets the condition of that type in `status.conditions`; lastTransitionTime changes only when the status does.
void setCondition(json::Object& status, const ConditionUpdate& update, TimePoint now);

} // namespace gatehouse::controllers
