#include "agent/authorizer/BodyModel.h"

#include <gtest/gtest.h>

namespace gatehouse::authorizer {
namespace {

struct Accepted {
    const char* name;
    std::string body;
    const char* model;
};

struct Refused {
    const char* name;
    std::string body;
};

class AcceptedBody : public testing::TestWithParam<Accepted> {};

class RefusedBody : public testing::TestWithParam<Refused> {};

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

std::string manyMembers(std::size_t count) {
    std::string out = R"({"model":"a")";
    for (std::size_t i = 0; i < count; ++i) {
        out += ",\"m" + std::to_string(i) + "\":0";
    }
    return out + "}";
}

} // namespace

TEST_P(AcceptedBody, NamesItsModel) {
    const Result<std::string> model = readModel(GetParam().body);
    ASSERT_TRUE(model) << model.error().describe();
    EXPECT_EQ(*model, GetParam().model);
}

INSTANTIATE_TEST_SUITE_P(
    All, AcceptedBody,
    testing::Values(Accepted{"Plain", R"({"model":"org/a"})", "org/a"},
                    Accepted{"WhiteSpaceAround", " \r\n\t{ \"model\" : \"a\" } \n", "a"},
                    Accepted{"ModelLast", R"({"messages":[{"role":"user","content":"x"}],"model":"a"})", "a"},
                    Accepted{"EscapedName", R"({"mod\u0065l":"a"})", "a"},
                    Accepted{"EscapedValue", R"({"model":"\u0061\/b"})", "a/b"},
                    Accepted{"NestedModelsDoNotCount",
                             R"({"x":{"model":"b","model":"c"},"model":"a","y":[{"model":"d"}]})", "a"},
                    Accepted{"Unicode", "{\"model\":\"\xc3\xa4\"}", "\xc3\xa4"},
                    Accepted{"EmptyModel", R"({"model":""})", ""},
                    Accepted{"BigNumber", R"({"model":"a","n":1e400,"m":123456789012345678901234567890})", "a"},
                    Accepted{"DeepButBounded", R"({"model":"a","x":)" + nested(100) + "}", "a"}),
    [](const auto& info) { return info.param.name; });

TEST_P(RefusedBody, IsRefused) {
    const Result<std::string> model = readModel(GetParam().body);
    ASSERT_FALSE(model) << *model;
    EXPECT_EQ(model.error().kind, ErrorKind::BadRequest);
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedBody,
    testing::Values(
        Refused{"Empty", ""}, Refused{"WhiteSpaceOnly", "  \n"}, Refused{"NotJson", "model=a"},
        Refused{"Array", R"([{"model":"a"}])"}, Refused{"String", R"("model")"}, Refused{"Null", "null"},
        Refused{"NoModel", R"({"messages":[]})"}, Refused{"Cut", R"({"model":"a")"},
        Refused{"Twice", R"({"model":"a","model":"b"})"}, Refused{"TwiceTheSame", R"({"model":"a","model":"a"})"},
        Refused{"TwiceEscaped", R"({"model":"a","mod\u0065l":"b"})"},
        Refused{"TwiceEscapedFirst", R"({"\u006dodel":"a","model":"b"})"},
        Refused{"OtherNameTwice", R"({"model":"a","stream":true,"stream":false})"},
        Refused{"OtherCase", R"({"model":"a","Model":"b"})"}, Refused{"OnlyOtherCase", R"({"MODEL":"b"})"},
        Refused{"EscapedOtherCase", R"({"model":"a","\u004dodel":"b"})"},
        Refused{"NameWithNul", R"({"model":"a","model\u0000":"b"})"},
        Refused{"FurtherModels", R"({"model":"a","models":["b"]})"},
        Refused{"Fallbacks", R"({"model":"a","fallbacks":["b"]})"}, Refused{"Number", R"({"model":1})"},
        Refused{"NullModel", R"({"model":null})"}, Refused{"ListModel", R"({"model":["a"]})"},
        Refused{"ObjectModel", R"({"model":{"id":"a"}})"}, Refused{"BoolModel", R"({"model":true})"},
        Refused{"SecondValue", R"({"model":"a"}{"model":"b"})"}, Refused{"TrailingText", R"({"model":"a"}x)"},
        Refused{"TrailingNul", std::string("{\"model\":\"a\"}\0", 14)}, Refused{"TrailingComma", R"({"model":"a",})"},
        Refused{"Comment", R"({"model":"a"/*,"x":1*/})"}, Refused{"LineComment", "{\"model\":\"a\"//\n}"},
        Refused{"SingleQuotes", "{'model':'a'}"}, Refused{"BareName", R"({model:"a"})"},
        Refused{"NaN", R"({"model":"a","x":NaN})"}, Refused{"ByteOrderMark", "\xef\xbb\xbf{\"model\":\"a\"}"},
        Refused{"Utf16", std::string("{\0\"\0m\0o\0d\0e\0l\0\"\0:\0\"\0a\0\"\0}\0", 26)},
        Refused{"BadUtf8", "{\"model\":\"a\xff\"}"},
        Refused{"BadUtf8Elsewhere", "{\"model\":\"a\",\"x\":\"\xc0\xae\"}"},
        Refused{"LoneSurrogate", R"({"model":"a\ud800"})"}, Refused{"ControlCharacter", "{\"model\":\"a\nb\"}"},
        Refused{"TooDeep", R"({"model":"a","x":)" + nested(200) + "}"},
        Refused{"VeryDeep", R"({"model":"a","x":)" + std::string(1'000'000, '[')},
        Refused{"TooManyMembers", manyMembers(1000)},
        Refused{"LongName", "{\"" + std::string(5000, 'x') + "\":1,\"model\":\"a\"}"},
        Refused{"LongModel", "{\"model\":\"" + std::string(5000, 'x') + "\"}"},
        Refused{"Compressed", "\x1f\x8b\x08\x01\x02\x03"}),
    [](const auto& info) { return info.param.name; });

TEST(BodyModel, ReadsALargeBodyToItsEnd) {
    const std::string filler(20U << 20, 'x');
    EXPECT_EQ(readModel(R"({"prompt":")" + filler + R"(","model":"a"})").value(), "a");
    EXPECT_FALSE(readModel(R"({"model":"a","prompt":")" + filler + R"(","model":"b"})"));
}

} // namespace gatehouse::authorizer
