#include "core/object_store/Object.h"
#include "core/object_store/KnownKinds.h"

#include <gtest/gtest.h>
#include <set>

using namespace gatehouse;

TEST(Object, NeedsApiVersionKindAndName) {
    EXPECT_FALSE(Object::from(json::Value("text")));
    EXPECT_FALSE(Object::from(json::Value{{"kind", "A"}, {"metadata", {{"name", "x"}}}}));
    EXPECT_FALSE(Object::from(json::Value{{"apiVersion", "v1"}, {"kind", "A"}, {"metadata", json::Object{}}}));
    EXPECT_FALSE(Object::from(json::Value{{"apiVersion", 1}, {"kind", "A"}, {"metadata", {{"name", "x"}}}}));
    const auto object =
        Object::from(json::Value{{"apiVersion", "a/v1"},
                                 {"kind", "A"},
                                 {"metadata", {{"name", "x"}, {"labels", {{"l", "1"}, {"n", 2}}}, {"generation", 3}}},
                                 {"spec", {{"a", {{"b", "c"}}}}}});
    ASSERT_TRUE(object);
    EXPECT_EQ(object->text("spec.a.b"), "c");
    EXPECT_EQ(object->label("l"), "1");
    EXPECT_EQ(object->label("n"), "");
    EXPECT_EQ(object->generation(), 3);
    EXPECT_EQ(groupVersionOf(object->apiVersion()).group, "a");
    EXPECT_EQ(groupVersionOf("v1").group, "");
}

TEST(KnownKinds, AreFoundBothWaysAndUnique) {
    std::set<std::string> plurals;
    for (const KnownKind& known : knownKinds()) {
        EXPECT_EQ(findKind(known.type.apiVersion(), known.type.kind), &known);
        EXPECT_EQ(findPlural(known.type.group, known.type.version, known.type.plural), &known);
        EXPECT_TRUE(plurals.insert(known.type.resourceName()).second);
    }
    EXPECT_EQ(findKind("llm.nebari.dev/v2", "LLMModel"), nullptr);
}
