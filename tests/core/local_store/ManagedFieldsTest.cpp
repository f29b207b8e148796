#include "core/local_store/ManagedFields.h"

#include <gtest/gtest.h>

namespace gatehouse::local_store {
namespace {

Object objectFrom(const char* text) {
    return Object(json::parse(text).value().as_object());
}

const json::Value* fieldsOf(const Object& object, std::string_view manager, std::string_view operation) {
    const json::Value* list = object.at("metadata.managedFields");
    if (list != nullptr) {
        for (const json::Value& entry : list->as_array()) {
            if (json::text(entry, "manager") == manager && json::text(entry, "operation") == operation) {
                return json::find(entry, "fieldsV1");
            }
        }
    }
    return nullptr;
}

const Manager Ours{"gatehouse", "", "2026-11-21T12:00:00Z"};
const Manager Theirs{"kubectl", "", "2026-11-21T12:01:00Z"};

TEST(ManagedFields, HaveTheShapeOfKubernetes) {
    Object after = objectFrom(R"({"apiVersion":"g/v1","kind":"K","metadata":{"name":"n","labels":{"a.b/c":"1"},
        "finalizers":["x/y"]},"spec":{"list":[1,2],"map":{},"n":1},
        "status":{"conditions":[{"type":"Ready","status":"True"}]}})");
    trackUpdate(Object(), after, Ours);
    const json::Value* fields = fieldsOf(after, "gatehouse", "Update");
    ASSERT_NE(fields, nullptr);
    EXPECT_EQ(*fields, json::parse(R"({"f:metadata":{"f:labels":{"f:a.b/c":{}},"f:finalizers":{"v:\"x/y\"":{}}},
        "f:spec":{"f:list":{},"f:map":{},"f:n":{}},
        "f:status":{"f:conditions":{"k:{\"type\":\"Ready\"}":{".":{},"f:type":{},"f:status":{}}}}})")
                           .value());
    EXPECT_EQ(FieldSet::fromJson(*fields).toJson(), fields->as_object());
}

TEST(ManagedFields, AnUpdateTakesFieldsOver) {
    Object first = objectFrom(R"({"apiVersion":"g/v1","kind":"K","metadata":{"name":"n"},"spec":{"a":1,"b":2,"c":3}})");
    trackUpdate(Object(), first, Ours);
    Object second = first;
    second.content()["spec"] = {{"a", 1}, {"b", 5}};
    trackUpdate(first, second, Theirs);
    EXPECT_EQ(*fieldsOf(second, "gatehouse", "Update"), json::parse(R"({"f:spec":{"f:a":{}}})").value());
    EXPECT_EQ(*fieldsOf(second, "kubectl", "Update"), json::parse(R"({"f:spec":{"f:b":{}}})").value());
}

TEST(ManagedFields, ApplySharesEqualValuesAndKeepsWhatIsShared) {
    const Object config =
        objectFrom(R"({"apiVersion":"g/v1","kind":"K","metadata":{"name":"n"},"spec":{"a":1,"b":{"c":2}}})");
    const Object one = applyFields(Object(), config, Ours, false).value();
    const auto two = applyFields(one, config, Theirs, false);
    ASSERT_TRUE(two) << "the same values are no conflict";
    const Object less = objectFrom(R"({"apiVersion":"g/v1","kind":"K","metadata":{"name":"n"},"spec":{"a":1}})");
    const Object three = applyFields(*two, less, Ours, false).value();
    EXPECT_NE(three.at("spec.b.c"), nullptr) << "the other manager still applies it";
    const Object four = applyFields(three, less, Theirs, false).value();
    EXPECT_EQ(four.at("spec.b"), nullptr) << "nobody does; the empty map goes too";
    EXPECT_EQ(json::number(four.value(), "spec.a"), 1);
}

TEST(ManagedFields, ConflictsNameFieldAndManager) {
    const Object theirs =
        applyFields(Object(),
                    objectFrom(R"({"apiVersion":"g/v1","kind":"K","metadata":{"name":"n"},"spec":{"a":1,"b":1}})"),
                    Theirs, false)
            .value();
    const Object mine = objectFrom(R"({"apiVersion":"g/v1","kind":"K","metadata":{"name":"n"},"spec":{"a":2,"b":1}})");
    const auto refused = applyFields(theirs, mine, Ours, false);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::Conflict);
    EXPECT_NE(refused.error().message.find(".spec.a"), std::string::npos);
    EXPECT_EQ(refused.error().message.find(".spec.b"), std::string::npos);
    EXPECT_NE(refused.error().message.find("kubectl"), std::string::npos);
    const auto forced = applyFields(theirs, mine, Ours, true);
    ASSERT_TRUE(forced);
    EXPECT_EQ(json::number(forced->value(), "spec.a"), 2);
    EXPECT_EQ(*fieldsOf(*forced, "kubectl", "Apply"), json::parse(R"({"f:spec":{"f:b":{}}})").value());
}

TEST(ManagedFields, KeyedListsAreMergedByTheirKeyAndOthersReplaced) {
    const Object live = applyFields(Object(), objectFrom(R"({"apiVersion":"g/v1","kind":"K","metadata":{"name":"n"},
        "spec":{"list":[1,2]},"conditions":[{"type":"A","status":"True"},{"type":"B","status":"True"}]})"),
                                    Theirs, false)
                            .value();
    const auto next = applyFields(live, objectFrom(R"({"apiVersion":"g/v1","kind":"K","metadata":{"name":"n"},
        "spec":{"list":[3]},"conditions":[{"type":"C","status":"False"}]})"),
                                  Ours, true);
    ASSERT_TRUE(next);
    EXPECT_EQ(*next->at("spec.list"), json::Value(json::Array{3}));
    EXPECT_EQ(next->at("conditions")->as_array().size(), 3U);
    const auto gone =
        applyFields(*next, objectFrom(R"({"apiVersion":"g/v1","kind":"K","metadata":{"name":"n"}})"), Ours, false);
    ASSERT_TRUE(gone);
    EXPECT_EQ(gone->at("conditions")->as_array().size(), 2U) << "my item goes, theirs stay";
    EXPECT_EQ(gone->at("spec"), nullptr);
}

} // namespace
} // namespace gatehouse::local_store
