#include "core/yaml/Yaml.h"

#include <gtest/gtest.h>

using namespace gatehouse;

TEST(Yaml, TypesScalarsAsKubernetesDoes) {
    const auto value = yaml::readOne("a: 1\nb: 1.5\nc: true\nd: yes\ne: 017\nf: 'true'\ng:\nh: ~\ni: 1e3\nj: 0x1f\nk: "
                                     "-7\nl: .5\nm: 12345678901234567890123\n");
    ASSERT_TRUE(value) << value.error().describe();
    EXPECT_TRUE(json::at(*value, "a")->is_int64());
    EXPECT_TRUE(json::at(*value, "b")->is_double());
    EXPECT_TRUE(json::at(*value, "c")->is_bool());
    EXPECT_EQ(json::text(*value, "d"), "yes");
    EXPECT_EQ(json::text(*value, "e"), "017");
    EXPECT_EQ(json::text(*value, "f"), "true");
    EXPECT_TRUE(json::at(*value, "g")->is_null());
    EXPECT_TRUE(json::at(*value, "h")->is_null());
    EXPECT_TRUE(json::at(*value, "i")->is_double());
    EXPECT_EQ(json::text(*value, "j"), "0x1f");
    EXPECT_EQ(json::number(*value, "k"), -7);
    EXPECT_EQ(json::text(*value, "l"), ".5");
    EXPECT_TRUE(json::at(*value, "m")->is_double());
}

TEST(Yaml, ReadsStreams) {
    const auto documents = yaml::readAll("---\na: 1\n---\n# nothing\n---\nb: 2\n");
    ASSERT_TRUE(documents);
    ASSERT_EQ(documents->size(), 2U);
    EXPECT_EQ((*documents)[0].line, 2U);
    EXPECT_EQ((*documents)[1].line, 6U);
    EXPECT_TRUE(yaml::readAll("")->empty());
}

TEST(Yaml, RefusesAliasBombs) {
    const auto result = yaml::readAll("a: &a [x,x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n");
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("line 2"), std::string::npos);
    EXPECT_FALSE(yaml::readAll("a: &a {b: *a}\n"));
}

TEST(Yaml, RefusesDuplicatesTagsAndBrokenText) {
    EXPECT_FALSE(yaml::readAll("a: 1\na: 2\n"));
    EXPECT_FALSE(yaml::readAll("a: !!python/object x\n"));
    EXPECT_FALSE(yaml::readAll("a: \"\xff\"\n"));
    EXPECT_FALSE(yaml::readAll("a: [1\n"));
    EXPECT_FALSE(yaml::readAll("? {a: b}\n: c\n"));
    EXPECT_FALSE(yaml::readAll("\ta: 1\n"));
}

TEST(Yaml, HoldsItsLimits) {
    const auto large = yaml::readAll(std::string(5U << 20, 'a'));
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().kind, ErrorKind::TooLarge);
    EXPECT_FALSE(yaml::readAll(std::string(100'000, '[')));
    EXPECT_FALSE(yaml::readAll("a: [1,2,3,4]\n", {.nodes = 4}));
}

TEST(Yaml, WhatIsWrittenReadsBackEqual) {
    const json::Value value = {{"plain", "org/model-7b"},
                               {"number-like", "017"},
                               {"bool-like", "yes"},
                               {"empty", ""},
                               {"colon", "a: b"},
                               {"hash", "a #b"},
                               {"dash", "- a"},
                               {"flag", "--model"},
                               {"lines", "one\ntwo\n"},
                               {"no-end", "one\ntwo"},
                               {"odd", " lead\nx"},
                               {"trail", "x \ny"},
                               {"quote", "'"},
                               {"unicode", "\xc3\xa9\xe2\x82\xac"},
                               {"control", "a\tb"},
                               {"star", "*x"},
                               {"list",
                                {1,
                                 "2",
                                 {{"name", "n"}, {"deep", {{"x", json::Array{}}, {"y", json::Object{}}}}},
                                 json::Array{json::Array{"a", "b"}, "c"}}},
                               {"1", true},
                               {"null", nullptr},
                               {"real", 2.5},
                               {"blank-lines", "a\n\nb\n"},
                               {"many-ends", "a\n\n\n"},
                               {"newline", "\n"},
                               {"tilde", "~"},
                               {"date", "2026-11-21"}};
    const std::string text = yaml::write(value);
    const auto back = yaml::readOne(text);
    ASSERT_TRUE(back) << back.error().describe() << "\n" << text;
    EXPECT_EQ(json::canonical(*back), json::canonical(value)) << text;
}
