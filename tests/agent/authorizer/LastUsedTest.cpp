#include "agent/authorizer/LastUsed.h"

#include "tests/support/ManualClock.h"

#include <gtest/gtest.h>

namespace gatehouse::authorizer {

TEST(LastUsed, KeepsTheTimeToWithinAMinuteAndForgetsKeysThatAreGone) {
    test::ManualClock clock;
    const keys::KeyEntry key{"client", "o", "t", "default", "chat", std::nullopt};
    LastUsed times;
    EXPECT_FALSE(times.of("default", "chat", "client"));
    const TimePoint first = clock.now();
    times.record(key, first);
    EXPECT_EQ(times.of("default", "chat", "client"), first);
    clock.advance(std::chrono::seconds(59));
    times.record(key, clock.now());
    EXPECT_EQ(times.of("default", "chat", "client"), first);
    clock.advance(std::chrono::seconds(1));
    times.record(key, clock.now());
    EXPECT_EQ(times.of("default", "chat", "client"), clock.now());
    EXPECT_FALSE(times.of("other", "chat", "client"));
    times.keepOnly(keys::KeyTable());
    EXPECT_FALSE(times.of("default", "chat", "client"));
}

} // namespace gatehouse::authorizer
