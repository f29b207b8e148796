#include "agent/controllers/Conditions.h"

#include <gtest/gtest.h>

namespace gatehouse::controllers {
namespace {

const TimePoint First = *parseRfc3339("2026-11-21T12:00:00Z");
const TimePoint Later = *parseRfc3339("2026-11-21T13:00:00Z");

std::string transition(const json::Object& status, std::size_t at = 0) {
    return json::text(status.at("conditions").get_array().at(at), "lastTransitionTime");
}

} // namespace

TEST(Conditions, TransitionTimeMovesOnlyWithTheStatus) {
    json::Object status;
    setCondition(status, {"Ready", Truth::False, "NotReady", "why", 1}, First);
    setCondition(status, {"Ready", Truth::False, "NotReady", "another why", 2}, Later);
    EXPECT_EQ(transition(status), "2026-11-21T12:00:00Z");
    EXPECT_EQ(json::text(status.at("conditions").get_array().at(0), "message"), "another why");
    setCondition(status, {"Ready", Truth::True, "Ready", "", 2}, Later);
    EXPECT_EQ(transition(status), "2026-11-21T13:00:00Z");
}

TEST(Conditions, OthersAreLeftAloneAndAWrongListIsReplaced) {
    json::Object status{{"conditions", "nonsense"}};
    setCondition(status, {"A", Truth::True, "X", "", 1}, First);
    setCondition(status, {"B", Truth::Unknown, "Y", "", 1}, First);
    ASSERT_EQ(status.at("conditions").get_array().size(), 2U);
    EXPECT_EQ(json::text(status.at("conditions").get_array().at(1), "status"), "Unknown");
}

} // namespace gatehouse::controllers
