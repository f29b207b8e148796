#include "agent/assessment/Targets.h"

#include <gtest/gtest.h>

using namespace gatehouse;

namespace {

constexpr const char* Gateway = "https://127.0.0.1:8443";

inventory::Endpoint endpoint(const std::string& kind, const std::string& name, const std::string& url,
                             const std::string& model) {
    inventory::Endpoint endpoint;
    endpoint.source = {kind == "Endpoint" ? "gatehouse.dev/v1alpha1" : "llm.nebari.dev/v1alpha1", kind, "default",
                       name};
    endpoint.url = url;
    endpoint.id = inventory::endpointId(endpoint.source, url);
    endpoint.models = {{model}};
    return endpoint;
}

struct Scene {
    Scene() {
        keys.ensure({{"default", "a"}, {"default", "b"}});
        inventory.endpoints = {endpoint("LLMModel", "a", "https://127.0.0.1:8443/v1/chat/completions", "org/a"),
                               endpoint("LLMModel", "a", "http://127.0.0.1:9001", "org/a"),
                               endpoint("LLMModel", "b", "https://127.0.0.1:8443/v1/chat/completions", "org/b"),
                               endpoint("Endpoint", "far", "https://far.example/llm/v1", "org/far"),
                               endpoint("LLMModel", "evil", "https://127.0.0.1:8443.attacker.example/", "org/evil")};
        add(R"({"apiVersion":"llm.nebari.dev/v1alpha1","kind":"LLMModel","metadata":{"name":"a","namespace":"default","annotations":{"gatehouse.dev/upstream-secret":"up"}}})");
        add(R"({"apiVersion":"gatehouse.dev/v1alpha1","kind":"Endpoint","metadata":{"name":"far","namespace":"default"},
                "spec":{"url":"https://far.example/llm/v1","credential":{"secretName":"far","key":"k","header":"X-Api-Key","prefix":""}}})");
        add(R"({"apiVersion":"gatehouse.dev/v1alpha1","kind":"OpenRoute","metadata":{"name":"o","namespace":"default"},
                "spec":{"endpoint":"far","route":"GET /health","owner":"x","reason":"y","approver":"z","expires":"not a date"}})");
    }

    void add(const char* text) { snapshot.objects.push_back(*Object::from(*json::parse(text))); }

    [[nodiscard]] std::vector<probe::ProbeTarget> targets(const std::vector<std::string>& wanted = {}) const {
        return assessment::targetsFor({inventory, snapshot, keys, Gateway, "CA",
                                       [](const auto&, const auto& secret, const auto& key) {
                                           return Secret::copyOf("value-of-" + secret + "-" + key);
                                       }},
                                      wanted);
    }

    assessment::ProbeKeys keys;
    inventory::Inventory inventory;
    inventory::Snapshot snapshot;
};

} // namespace

TEST(Targets, EndpointsBehindTheGatewayGetTheirOwnKeyAndAnothersAsForeign) {
    const Scene scene;
    const auto targets = scene.targets();
    ASSERT_EQ(targets.size(), 5U);
    const auto& a = targets[0];
    EXPECT_EQ(a.name, "llmmodel/default/a");
    EXPECT_EQ(a.url, Gateway);
    EXPECT_EQ(a.model, "org/a");
    EXPECT_EQ(a.tls.caPem, "CA");
    ASSERT_TRUE(a.credential && a.foreignCredential);
    EXPECT_TRUE(a.credential->value.equals(scene.keys.keyOf({"default", "a"}).reveal()));
    EXPECT_TRUE(a.foreignCredential->value.equals(scene.keys.keyOf({"default", "b"}).reveal()));
    EXPECT_EQ(a.foreignModel, "org/b");
}

TEST(Targets, UpstreamsAndDeclaredEndpointsGetOnlyWhatIsNamedForThem) {
    const Scene scene;
    const auto targets = scene.targets();
    EXPECT_EQ(targets[1].name, "llmmodel/default/a/upstream");
    ASSERT_TRUE(targets[1].credential);
    EXPECT_TRUE(targets[1].credential->value.equals("value-of-up-apiKey"));
    const auto& far = targets[3];
    EXPECT_EQ(far.url, "https://far.example");
    ASSERT_TRUE(far.credential);
    EXPECT_EQ(far.credential->header, "X-Api-Key");
    EXPECT_EQ(far.credential->prefix, "");
    EXPECT_TRUE(far.credential->value.equals("value-of-far-k"));
    EXPECT_FALSE(far.foreignCredential);
}

TEST(Targets, AHostThatOnlyBeginsLikeTheGatewayNeverGetsAKey) {
    const Scene scene;
    const auto targets = scene.targets();
    EXPECT_EQ(targets[4].name, "llmmodel/default/evil/upstream");
    EXPECT_FALSE(targets[4].credential);
}

TEST(Targets, AnOpenRouteWithAnUnreadableDateIsExpired) {
    const Scene scene;
    const auto targets = scene.targets({"far"});
    ASSERT_EQ(targets.size(), 1U);
    ASSERT_EQ(targets[0].openRoutes.size(), 1U);
    ASSERT_TRUE(targets[0].openRoutes[0].expires);
    EXPECT_LT(*targets[0].openRoutes[0].expires, *parseRfc3339("2000-01-01"));
}
