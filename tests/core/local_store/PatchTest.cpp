#include "core/local_store/Patch.h"

#include <gtest/gtest.h>

namespace gatehouse::local_store {
namespace {

json::Value parsed(const char* text) {
    return json::parse(text).value();
}

Result<json::Value> patched(const char* target, const char* patch) {
    return jsonPatch(parsed(target), parsed(patch));
}

TEST(Patch, MergeFollowsTheExamplesOfRfc7386) {
    const char* examples[][3] = {{R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
                                 {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
                                 {R"({"a":"b"})", R"({"a":null})", "{}"},
                                 {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
                                 {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
                                 {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
                                 {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
                                 {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
                                 {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
                                 {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
                                 {"{}", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"}};
    for (const auto& [target, patch, expected] : examples) {
        json::Value value = parsed(target);
        mergePatch(value, parsed(patch));
        EXPECT_EQ(value, parsed(expected)) << target << " " << patch;
    }
}

TEST(Patch, JsonFollowsTheExamplesOfRfc6902) {
    const char* examples[][3] = {
        {R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux"}])", R"({"baz":"qux","foo":"bar"})"},
        {R"({"foo":["bar","baz"]})", R"([{"op":"add","path":"/foo/1","value":"qux"}])",
         R"({"foo":["bar","qux","baz"]})"},
        {R"({"baz":"qux","foo":"bar"})", R"([{"op":"remove","path":"/baz"}])", R"({"foo":"bar"})"},
        {R"({"foo":["bar","qux","baz"]})", R"([{"op":"remove","path":"/foo/1"}])", R"({"foo":["bar","baz"]})"},
        {R"({"baz":"qux"})", R"([{"op":"replace","path":"/baz","value":"boo"}])", R"({"baz":"boo"})"},
        {R"({"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}})",
         R"([{"op":"move","from":"/foo/waldo","path":"/qux/thud"}])",
         R"({"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}})"},
        {R"({"foo":["all","grass","cows","eat"]})", R"([{"op":"move","from":"/foo/1","path":"/foo/3"}])",
         R"({"foo":["all","cows","eat","grass"]})"},
        {R"({"foo":["bar"]})", R"([{"op":"add","path":"/foo/-","value":["abc","def"]}])",
         R"({"foo":["bar",["abc","def"]]})"},
        {R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":10}])", R"({"/":9,"~1":10})"},
        {R"({"a":1})", R"([{"op":"copy","from":"/a","path":"/b"}])", R"({"a":1,"b":1})"}};
    for (const auto& [target, patch, expected] : examples) {
        const auto result = patched(target, patch);
        ASSERT_TRUE(result) << patch << " " << result.error().describe();
        EXPECT_EQ(*result, parsed(expected)) << patch;
    }
}

TEST(Patch, JsonRefusesWhatDoesNotFit) {
    const auto kindOf = [](const char* target, const char* patch) {
        const auto result = patched(target, patch);
        EXPECT_FALSE(result) << patch;
        return result ? ErrorKind::Internal : result.error().kind;
    };
    EXPECT_EQ(kindOf(R"({"a":1})", R"([{"op":"test","path":"/a","value":"1"}])"), ErrorKind::Invalid);
    EXPECT_EQ(kindOf(R"({"a":1})", R"([{"op":"add","path":"/x/y","value":1}])"), ErrorKind::Invalid);
    EXPECT_EQ(kindOf(R"({"a":[1]})", R"([{"op":"add","path":"/a/2","value":1}])"), ErrorKind::Invalid);
    EXPECT_EQ(kindOf(R"({"a":[1]})", R"([{"op":"remove","path":"/a/01"}])"), ErrorKind::Invalid);
    EXPECT_EQ(kindOf(R"({"a":[1]})", R"([{"op":"remove","path":"/a/-"}])"), ErrorKind::Invalid);
    EXPECT_EQ(kindOf(R"({"a":{"b":1}})", R"([{"op":"move","from":"/a","path":"/a/b"}])"), ErrorKind::Invalid);
    EXPECT_EQ(kindOf("{}", R"({"op":"add"})"), ErrorKind::BadRequest);
    EXPECT_EQ(kindOf("{}", R"([1])"), ErrorKind::BadRequest);
    EXPECT_EQ(kindOf("{}", R"([{"op":"spin","path":"/a"}])"), ErrorKind::BadRequest);
    EXPECT_EQ(kindOf("{}", R"([{"op":"add","path":"a","value":1}])"), ErrorKind::BadRequest);
    EXPECT_EQ(kindOf("{}", R"([{"op":"add","path":"/a~2","value":1}])"), ErrorKind::BadRequest);
    EXPECT_EQ(kindOf("{}", R"([{"op":"add","path":"/a"}])"), ErrorKind::BadRequest);
}

TEST(Patch, JsonCannotBlowUp) {
    json::Array doubling{{{"op", "add"}, {"path", "/a"}, {"value", std::string(1000, 'x')}}};
    json::Array deepening;
    std::string path;
    for (int i = 0; i < 60; ++i) {
        doubling.push_back({{"op", "copy"}, {"from", ""}, {"path", "/n" + std::to_string(i)}});
        deepening.push_back({{"op", "copy"}, {"from", ""}, {"path", "/d"}});
    }
    for (const json::Array& patch : {doubling, deepening}) {
        const auto result = jsonPatch(json::Object(), patch);
        if (!result) {
            EXPECT_EQ(result.error().kind, ErrorKind::TooLarge);
        } else {
            EXPECT_LT(json::compact(*result).size(), 4U << 20);
        }
    }
    EXPECT_FALSE(jsonPatch(json::Object(), doubling));
    EXPECT_FALSE(
        jsonPatch(json::Object(), json::Array(10'001, json::Value({{"op", "test"}, {"path", ""}, {"value", 1}}))));
}

} // namespace
} // namespace gatehouse::local_store
