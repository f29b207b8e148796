#include "agent/serving_plan/MakePlan.h"
#include "agent/serving_plan/Workloads.h"
#include "core/yaml/Yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::serving_plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Object objectFrom(const std::string& text) {
    return *Object::from(*yaml::readOne(text));
}

Object served(const std::string& name, const std::string& id, const std::string& metadata = {},
              const std::string& annotation = "http://127.0.0.1:8001") {
    const std::string note =
        annotation.empty() ? std::string() : ", annotations: {gatehouse.dev/upstream: '" + annotation + "'}";
    return objectFrom(
        "{apiVersion: llm.nebari.dev/v1alpha1, kind: LLMModel, metadata: {name: " + name + ", namespace: team" +
        metadata + note + "}, spec: {access: {groups: [llm]}, model: {name: " + id +
        ", source: huggingface, storage: {type: pvc, size: 1Gi}}, resources: {gpu: {count: 1, type: nvidia}}}}");
}

Object passthrough(const std::string& name, const std::string& models, const std::string& metadata = {}) {
    return objectFrom("{apiVersion: llm.nebari.dev/v1alpha1, kind: PassthroughModel, metadata: {name: " + name +
                      ", namespace: team" + metadata +
                      "}, spec: {access: {public: true}, provider: {hostname: "
                      "api.example.com, schemaVersion: api/v1, credentialSecretName: cred}, models: " +
                      models + "}}");
}

Object keys(const std::string& name, const std::string& data, const std::string& nameSpace = "team") {
    return objectFrom("{apiVersion: v1, kind: Secret, metadata: {name: " + name + ", namespace: " + nameSpace +
                      ", labels: {app.kubernetes.io/managed-by: nebari-llm-operator}}, data: " + data + "}");
}

ServingPlan planOf(const std::vector<Object>& objects, Target target = Target::SingleHost) {
    return makePlan(inputsFrom(target, objects));
}

const Condition* conditionOf(const ServingPlan& plan, const std::string& model, const std::string& type) {
    for (const Condition& condition : plan.conditions) {
        if (condition.model == model && condition.type == type) {
            return &condition;
        }
    }
    return nullptr;
}

std::vector<std::string> namesOf(const ServingPlan& plan) {
    std::vector<std::string> names;
    for (const PlannedModel& model : plan.models) {
        names.push_back(model.name);
    }
    return names;
}

TEST(MakePlan, OneHostTakesTheUpstreamFromTheAnnotation) {
    const ServingPlan plan = planOf(
        {served("chat", "org/chat"), keys("chat-api-keys", "{user-b: eA==, gatehouse-none: eA==, user-a: eA==}")});
    ASSERT_EQ(plan.models.size(), 1U);
    const PlannedModel& model = plan.models[0];
    ASSERT_TRUE(model.upstream);
    EXPECT_EQ(model.upstream->host, "127.0.0.1");
    EXPECT_EQ(model.upstream->port, 8001);
    ASSERT_EQ(model.routes.size(), 2U);
    EXPECT_EQ(model.routes[0].listener, ListenerKind::External);
    EXPECT_THAT(model.routes[0].modelIds, ElementsAre("org/chat"));
    EXPECT_THAT(model.routes[0].callers.clientIds, ElementsAre("user-a", "user-b"));
    EXPECT_FALSE(model.routes[0].callers.anyAuthenticated);
    EXPECT_THAT(model.routes[1].callers.groups, ElementsAre("llm"));
    EXPECT_THAT(plan.conditions, IsEmpty());
}

TEST(MakePlan, TheKeysOfAModelAreNoUpstreamCredential) {
    auto model = served("a", "org/a");
    json::objectAt(model.metadata(), "annotations")["gatehouse.dev/upstream-secret"] = "b-api-keys";
    const ServingPlan plan = planOf({model});
    EXPECT_THAT(plan.models, IsEmpty());
    ASSERT_NE(conditionOf(plan, "a", "UpstreamConfigured"), nullptr);
    EXPECT_EQ(conditionOf(plan, "a", "UpstreamConfigured")->reason, "SecretReserved");
}

TEST(MakePlan, NoOrABadAnnotationIsACondition) {
    const ServingPlan plan = planOf({served("a", "org/a", "", ""), served("b", "org/b", "", "http://u:secret@h")});
    EXPECT_THAT(plan.models, IsEmpty());
    ASSERT_NE(conditionOf(plan, "a", "UpstreamConfigured"), nullptr);
    EXPECT_EQ(conditionOf(plan, "a", "UpstreamConfigured")->reason, "UpstreamMissing");
    ASSERT_NE(conditionOf(plan, "b", "Planned"), nullptr);
    EXPECT_THAT(conditionOf(plan, "b", "Planned")->message, testing::Not(HasSubstr("secret")));
}

TEST(MakePlan, TheOlderModelKeepsAnId) {
    const ServingPlan plan =
        planOf({served("a", "org/x", ", creationTimestamp: '2026-02-01T00:00:00Z'"),
                served("b", "org/x", ", creationTimestamp: '2026-01-01T00:00:00Z'"), served("c", "org/x")});
    EXPECT_THAT(namesOf(plan), ElementsAre("b"));
    ASSERT_NE(conditionOf(plan, "a", "ModelIdsAvailable"), nullptr);
    EXPECT_THAT(conditionOf(plan, "a", "ModelIdsAvailable")->message, HasSubstr("org/x (LLMModel team/b)"));
    EXPECT_NE(conditionOf(plan, "c", "ModelIdsAvailable"), nullptr) << "no timestamp counts as the youngest";
}

TEST(MakePlan, AtEqualAgeTheNameDecides) {
    EXPECT_THAT(namesOf(planOf({served("b", "org/x"), served("a", "org/x")})), ElementsAre("a"));
}

TEST(MakePlan, ABrokenOrDyingModelClaimsNothing) {
    Object dying = served("a", "org/x", ", deletionTimestamp: '2026-01-01T00:00:00Z'");
    Object broken = served("b.c", "org/x");
    const ServingPlan plan = planOf({dying, broken, served("z", "org/x")});
    EXPECT_THAT(namesOf(plan), ElementsAre("z"));
    ASSERT_NE(conditionOf(plan, "b.c", "Planned"), nullptr);
    EXPECT_EQ(conditionOf(plan, "b.c", "Planned")->reason, "Invalid");
}

TEST(MakePlan, APassthroughLosesOnlyTheIdsThatAreTaken) {
    const ServingPlan plan = planOf({served("chat", "org/x", ", creationTimestamp: '2026-01-01T00:00:00Z'"),
                                     passthrough("far", "{declared: [org/x, org/y], catchAll: true}")});
    ASSERT_EQ(plan.models.size(), 2U);
    const PlannedModel& far = plan.models[1];
    ASSERT_EQ(far.routes.size(), 4U);
    EXPECT_THAT(far.routes[0].modelIds, ElementsAre("org/y"));
    EXPECT_TRUE(far.routes[1].catchAll);
    EXPECT_THAT(far.routes[1].modelIds, IsEmpty());
    EXPECT_EQ(far.routes[0].timeout, std::chrono::seconds(120));
    ASSERT_TRUE(far.upstream);
    EXPECT_EQ(far.upstream->scheme, "https");
    EXPECT_EQ(far.upstream->pathPrefix, "/api/v1");
    EXPECT_EQ(far.upstream->credentialSecret, "cred");
    EXPECT_TRUE(far.upstream->verifyTls);
}

TEST(MakePlan, OnlyOneCatchesAll) {
    const ServingPlan plan = planOf({passthrough("a", "{catchAll: true}"), passthrough("b", "{catchAll: true}")});
    EXPECT_THAT(namesOf(plan), ElementsAre("a"));
    ASSERT_NE(conditionOf(plan, "b", "ModelIdsAvailable"), nullptr);
    EXPECT_EQ(conditionOf(plan, "b", "ModelIdsAvailable")->reason, "CatchAllTaken");
}

TEST(MakePlan, OneNameOneModel) {
    const ServingPlan plan = planOf({passthrough("chat", "{catchAll: true}"), served("chat", "org/chat")});
    ASSERT_EQ(plan.models.size(), 1U);
    ASSERT_NE(conditionOf(plan, "chat", "Planned"), nullptr);
    EXPECT_EQ(conditionOf(plan, "chat", "Planned")->reason, "NameTaken");
}

TEST(MakePlan, AnEmptyKeyClosesTheExternalRoute) {
    for (const Target target : {Target::SingleHost, Target::Cluster}) {
        const ServingPlan plan = planOf(
            {served("chat", "org/chat"), keys("chat-api-keys", "{user-a: ''}"), served("other", "org/other")}, target);
        ASSERT_EQ(plan.models.size(), 2U);
        ASSERT_EQ(plan.models[0].routes.size(), 1U);
        EXPECT_EQ(plan.models[0].routes[0].listener, ListenerKind::Internal);
        EXPECT_NE(conditionOf(plan, "chat", "KeysUsable"), nullptr);
        EXPECT_THAT(plan.models[1].credentialPool, testing::Not(testing::Contains("chat-api-keys")));
    }
}

TEST(MakePlan, InAClusterTheKeysOfANamespaceArePooled) {
    Object foreign = objectFrom(
        "{apiVersion: v1, kind: Secret, metadata: {name: foreign-api-keys, namespace: team}, data: {x: eA==}}");
    const ServingPlan plan =
        planOf({served("b", "org/b"), served("a", "org/a"), keys("z-api-keys", "{k: eA==}"), foreign,
                keys("other", "{k: eA==}"), keys("far-api-keys", "{k: eA==}", "elsewhere")},
               Target::Cluster);
    ASSERT_EQ(plan.models.size(), 2U);
    for (const PlannedModel& model : plan.models) {
        EXPECT_THAT(model.credentialPool, ElementsAre("a-api-keys", "b-api-keys", "z-api-keys"));
        EXPECT_THAT(model.routes[0].callers.clientIds, IsEmpty());
        EXPECT_TRUE(model.workload);
        EXPECT_FALSE(model.upstream);
    }
}

TEST(MakePlan, WhatRunsOnOneHostMayLackStorageInACluster) {
    Object model = served("chat", "org/chat");
    model.content()["spec"].as_object()["model"].as_object().erase("storage");
    EXPECT_EQ(planOf({model}).models.size(), 1U);
    const ServingPlan plan = planOf({model}, Target::Cluster);
    EXPECT_THAT(plan.models, IsEmpty());
    EXPECT_THAT(conditionOf(plan, "chat", "Planned")->message, HasSubstr("storage.size"));
}

TEST(MakePlan, AnUnreadableModelIsACondition) {
    Object model = served("chat", "org/chat");
    model.content()["spec"].as_object()["model"] = "text";
    const ServingPlan plan = planOf({model});
    EXPECT_THAT(plan.models, IsEmpty());
    EXPECT_EQ(conditionOf(plan, "chat", "Planned")->reason, "Unreadable");
}

TEST(MakePlan, TheSameInputsInAnotherOrderGiveTheSamePlan) {
    std::vector<Object> objects{served("a", "org/x"), served("b", "org/x"),
                                passthrough("c", "{declared: [org/x, org/z]}"), keys("a-api-keys", "{k: eA==}")};
    const ServingPlan forward = planOf(objects, Target::Cluster);
    std::reverse(objects.begin(), objects.end());
    const ServingPlan backward = planOf(objects, Target::Cluster);
    EXPECT_EQ(namesOf(forward), namesOf(backward));
    ASSERT_EQ(forward.conditions.size(), backward.conditions.size());
    for (std::size_t i = 0; i < forward.conditions.size(); ++i) {
        EXPECT_EQ(forward.conditions[i].message, backward.conditions[i].message);
    }
}

TEST(ConfigurationHash, FollowsTheReference) {
    api::LLMModel model;
    model.identity.name = "test-model";
    model.model.storage = api::LLMModel::StorageType::Ephemeral;
    model.model.name = "test/tiny-model";
    EXPECT_EQ(configurationHash(model), "44ce0624214e420b");
    model.identity.name = "my-oci-model";
    model.model = {};
    model.model.source = api::LLMModel::Source::Oci;
    model.model.image = "registry.example.com/models/my-model:v1";
    model.model.name = "my-org/my-model";
    EXPECT_EQ(configurationHash(model), "ae830b532140fad3") << "without spec.model.storage the type counts as pvc";
}

} // namespace
} // namespace gatehouse::serving_plan
