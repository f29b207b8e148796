#include "core/time/Clock.h"

#include <gtest/gtest.h>

using namespace gatehouse;

TEST(Clock, Rfc3339RoundTripsAndKnowsZones) {
    const auto time = parseRfc3339("2026-11-21T12:34:56Z");
    ASSERT_TRUE(time);
    EXPECT_EQ(toRfc3339(*time), "2026-11-21T12:34:56Z");
    EXPECT_EQ(toIsoDate(*time), "2026-11-21");
    EXPECT_EQ(*parseRfc3339("2026-11-21T14:34:56+02:00"), *time);
    EXPECT_EQ(*parseRfc3339("2026-11-21T07:04:56-05:30"), *time);
    EXPECT_EQ(toRfc3339Millis(*parseRfc3339("2026-11-21T12:34:56.7891Z")), "2026-11-21T12:34:56.789Z");
    EXPECT_EQ(toRfc3339(*parseRfc3339("2027-06-30")), "2027-06-30T00:00:00Z");
    EXPECT_EQ(toRfc3339(*parseRfc3339("2024-02-29")), "2024-02-29T00:00:00Z");
}

TEST(Clock, RefusesWhatIsNoTime) {
    for (const char* text : {"", "today", "2026-13-01", "2026-02-29", "2026-11-21T25:00:00Z", "2026-11-21T12:00:00",
                             "2026-11-21 12:00:00Z", "2026-11-21T12:00:00+2:00", "2026-11-21T12:00:00Zx"}) {
        EXPECT_FALSE(parseRfc3339(text)) << text;
    }
}

TEST(Clock, Durations) {
    EXPECT_EQ(*parseDuration("90s"), std::chrono::seconds(90));
    EXPECT_EQ(*parseDuration("1h30m"), std::chrono::minutes(90));
    EXPECT_EQ(*parseDuration("30d"), std::chrono::hours(720));
    for (const char* text : {"", "5", "h", "-1h", "1x", "99999999999999999999d", "4000d", "1h-5m"}) {
        EXPECT_FALSE(parseDuration(text)) << text;
    }
}
