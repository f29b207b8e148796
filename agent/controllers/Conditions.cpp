#include "agent/controllers/Conditions.h"

namespace gatehouse::controllers {
namespace {

const char* wordOf(Truth truth) {
    return truth == Truth::True ? "True" : truth == Truth::False ? "False" : "Unknown";
}

} // namespace

void setCondition(json::Object& status, const ConditionUpdate& update, TimePoint now) {
    json::Value& list = status["conditions"];
    if (!list.is_array()) {
        list.emplace_array();
    }
    json::Object condition{{"type", update.type},
                           {"status", wordOf(update.status)},
                           {"reason", update.reason},
                           {"message", update.message},
                           {"observedGeneration", update.observedGeneration},
                           {"lastTransitionTime", toRfc3339(now)}};
    for (json::Value& old : list.get_array()) {
        if (json::text(old, "type") == update.type) {
            if (json::text(old, "status") == wordOf(update.status)) {
                condition["lastTransitionTime"] = json::text(old, "lastTransitionTime", toRfc3339(now));
            }
            old = std::move(condition);
            return;
        }
    }
    list.get_array().push_back(std::move(condition));
}

} // namespace gatehouse::controllers
