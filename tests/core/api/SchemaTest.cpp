#include "core/api/Schema.h"

#include "core/yaml/Yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::api {
namespace {

using testing::HasSubstr;

Schema schemaFrom(const std::string& properties) {
    const Result<Schema> schema = Schema::from(*yaml::readOne("type: object\nproperties:\n" + properties));
    EXPECT_TRUE(schema) << schema.error().describe();
    return *schema;
}

std::string firstError(const Schema& schema, const std::string& text) {
    const std::vector<Error> errors = schema.check(*yaml::readOne(text));
    return errors.empty() ? "none" : errors.front().describe();
}

TEST(Schema, RefusesWhatItDoesNotUnderstand) {
    const Result<Schema> schema =
        Schema::from(*yaml::readOne("type: object\nproperties: {a: {type: string, oneOf: []}}"));
    ASSERT_FALSE(schema);
    EXPECT_THAT(schema.error().message, HasSubstr("schema.a.oneOf"));
}

TEST(Schema, CountsCharactersNotBytes) {
    const Schema schema = schemaFrom("  a: {type: string, maxLength: 3, minLength: 2}");
    EXPECT_EQ(firstError(schema, "a: äöü"), "none");
    EXPECT_THAT(firstError(schema, "a: äöüß"), HasSubstr("a has 4 characters"));
    EXPECT_THAT(firstError(schema, "a: ä"), HasSubstr("at least 2"));
}

TEST(Schema, APatternEndsAtTheEnd) {
    const Schema schema = schemaFrom("  a: {type: string, pattern: '^[0-9]+s$'}");
    EXPECT_EQ(firstError(schema, "a: 600s"), "none");
    EXPECT_THAT(firstError(schema, "a: \"600s\\n\""), HasSubstr("it must match"));
    EXPECT_THAT(firstError(schema, "a: \"x\\n600s\""), HasSubstr("it must match"));
}

TEST(Schema, HostileTextDoesNotHangAPattern) {
    const Schema schema = schemaFrom("  a: {type: string, pattern: '^(a+)+$'}");
    EXPECT_THAT(firstError(schema, "a: " + std::string(60, 'a') + "b"), HasSubstr("it must match"));
    EXPECT_THAT(firstError(schema, "a: " + std::string(2U << 20, 'a')), HasSubstr("it must match"));
}

TEST(Schema, IntOrString) {
    const Schema schema = schemaFrom("  a: {anyOf: [{type: integer}, {type: string}], pattern: '^[0-9]+$', "
                                     "x-kubernetes-int-or-string: true}");
    EXPECT_EQ(firstError(schema, "a: 5"), "none");
    EXPECT_EQ(firstError(schema, "a: '5'"), "none");
    EXPECT_THAT(firstError(schema, "a: x"), HasSubstr("must match"));
    EXPECT_THAT(firstError(schema, "a: 1.5"), HasSubstr("a whole number or a string, not a number with a fraction"));
}

TEST(Schema, Numbers) {
    const Schema schema = schemaFrom("  a: {type: integer, minimum: 1, maximum: 10, multipleOf: 2}\n"
                                     "  b: {type: number, minimum: 0, exclusiveMinimum: true}");
    EXPECT_EQ(firstError(schema, "{a: 2, b: 0.5}"), "none");
    EXPECT_THAT(firstError(schema, "a: 0"), HasSubstr("at least 1"));
    EXPECT_THAT(firstError(schema, "a: 12"), HasSubstr("at most 10"));
    EXPECT_THAT(firstError(schema, "a: 3"), HasSubstr("multiple of 2"));
    EXPECT_THAT(firstError(schema, "b: 0"), HasSubstr("more than 0"));
}

TEST(Schema, ANumberIsWholeHoweverItIsHeld) {
    const Schema schema = schemaFrom("  a: {type: integer, format: int64}");
    EXPECT_TRUE(schema.check(json::Object{{"a", std::uint64_t{7}}}).empty());
    EXPECT_EQ(schema.check(json::Object{{"a", std::numeric_limits<std::uint64_t>::max()}}).size(), 1U);
}

TEST(Schema, Lists) {
    const Schema schema = schemaFrom("  a: {type: array, maxItems: 2, items: {type: string}}\n"
                                     "  b: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], "
                                     "items: {type: object, properties: {k: {type: string}, v: {type: string}}}}");
    EXPECT_THAT(firstError(schema, "a: [x, y, z]"), HasSubstr("3 entries"));
    EXPECT_THAT(firstError(schema, "a: [x, 1]"), HasSubstr("a[1] must be a string"));
    EXPECT_THAT(firstError(schema, "b: [{k: x, v: y}, {k: x, v: z}]"), HasSubstr("b[1] stands in the list twice"));
    EXPECT_EQ(firstError(schema, "b: [{k: x, v: y}, {k: z, v: y}]"), "none");
}

TEST(Schema, KeepsWhatItIsToldToKeep) {
    const Schema schema = schemaFrom("  a: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: "
                                     "{known: {type: string}}}\n"
                                     "  m: {type: object, additionalProperties: {type: string}}");
    EXPECT_TRUE(schema.unknownFields(*yaml::readOne("{a: {x: {y: 1}}, m: {any: x}}")).empty());
    EXPECT_EQ(schema.unknownFields(*yaml::readOne("{a: {}, z: 1}")), std::vector<std::string>{"z"});
    EXPECT_THAT(firstError(schema, "a: {known: 1}"), HasSubstr("a.known must be a string"));
    EXPECT_THAT(firstError(schema, "m: {any: 1}"), HasSubstr("m.any must be a string"));
}

TEST(Schema, DefaultsGoFromTheOutsideIn) {
    const Schema schema = schemaFrom("  a: {type: object, default: {}, properties: {b: {type: integer, default: 7}}}\n"
                                     "  c: {type: object, properties: {d: {type: integer, default: 8}}}\n"
                                     "  e: {type: string, default: x}");
    json::Value value = *yaml::readOne("{e: null}");
    schema.applyDefaults(value);
    EXPECT_EQ(json::canonical(value), R"({"a":{"b":7},"e":"x"})");
}

TEST(Schema, StopsAfterFiftyErrors) {
    const Schema schema = schemaFrom("  a: {type: array, items: {type: string}}");
    json::Array many(100'000, json::Value(1));
    EXPECT_EQ(schema.check(json::Object{{"a", many}}).size(), 50U);
}

} // namespace
} // namespace gatehouse::api
