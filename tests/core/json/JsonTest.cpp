#include "core/json/Json.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace gatehouse;

TEST(Json, RefusesDuplicateNamesInEverySpelling) {
    EXPECT_FALSE(json::parse(R"({"model":"a","model":"b"})"));
    EXPECT_FALSE(json::parse(R"({"model":"a","mod\u0065l":"b"})"));
    EXPECT_FALSE(json::parse(R"({"x":[{"a":1,"a":2}]})"));
    EXPECT_TRUE(json::parse(R"({"x":{"a":1},"y":{"a":1},"z":["a","a"]})"));
}

TEST(Json, RefusesWhatFollowsTheValue) {
    EXPECT_FALSE(json::parse("{} {}"));
    EXPECT_FALSE(json::parse("1 x"));
    EXPECT_TRUE(json::parse(" {} \n"));
}

TEST(Json, RefusesBrokenText) {
    for (const char* text : {"", "{", "[1,]", "{\"a\"}", "nul", "\"\xff\"", "{\"a\":\"\x01\"}", "NaN", "01", "'a'"}) {
        EXPECT_FALSE(json::parse(text)) << text;
    }
}

TEST(Json, NamesLineAndColumn) {
    const auto result = json::parse("{\n  \"a\": tru\n}");
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("line 2"), std::string::npos) << result.error().message;
}

TEST(Json, HoldsItsLimits) {
    EXPECT_FALSE(json::parse(std::string(100, '[') + std::string(100, ']')));
    EXPECT_TRUE(json::parse(std::string(60, '[') + std::string(60, ']')));
    EXPECT_FALSE(json::parse(std::string(1'000'000, '[')));
    const auto large = json::parse("\"" + std::string(200, 'a') + "\"", {.bytes = 100});
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().kind, ErrorKind::TooLarge);
}

TEST(Json, CanonicalSortsNamesAndRoundTrips) {
    const auto value = json::parse(R"({"b":1,"a":{"d":"\u00e9\n","c":[true,null,1.5,2.0]}})");
    ASSERT_TRUE(value);
    const std::string text = json::canonical(*value);
    EXPECT_EQ(text, "{\"a\":{\"c\":[true,null,1.5,2.0],\"d\":\"\xc3\xa9\\n\"},\"b\":1}");
    EXPECT_EQ(*json::parse(text), *value);
    EXPECT_EQ(*json::parse(json::pretty(*value)), *value);
}

TEST(Json, ReadsDoublesToTheNearest) {
    const auto value =
        json::parse("[5525525e222, 18446744073709551616, 7, -9223372036854775809, -0.0, 18446744073709551615, 1e-7]");
    ASSERT_TRUE(value);
    const json::Array& numbers = value->get_array();
    EXPECT_EQ(numbers.at(0).get_double(), 5525525e222);
    EXPECT_EQ(numbers.at(1).get_double(), 18446744073709551616.0);
    EXPECT_EQ(numbers.at(2).get_int64(), 7);
    EXPECT_EQ(numbers.at(3).get_double(), -9223372036854775809.0);
    EXPECT_TRUE(std::signbit(numbers.at(4).get_double()));
    EXPECT_EQ(numbers.at(5).get_uint64(), 18446744073709551615U);
    EXPECT_EQ(numbers.at(6).get_double(), 1e-7);
    EXPECT_EQ(*json::parse(json::canonical(*value)), *value);
}

TEST(Json, FollowsPaths) {
    const auto value = json::parse(R"({"spec":{"model":{"name":"m","n":3,"on":true}}})");
    ASSERT_TRUE(value);
    EXPECT_EQ(json::text(*value, "spec.model.name"), "m");
    EXPECT_EQ(json::text(*value, "spec.model.missing", "fallback"), "fallback");
    EXPECT_EQ(json::number(*value, "spec.model.n"), 3);
    EXPECT_TRUE(json::flag(*value, "spec.model.on"));
    EXPECT_EQ(json::at(*value, "spec.model.name.deeper"), nullptr);
}
