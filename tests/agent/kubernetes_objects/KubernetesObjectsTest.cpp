#include "agent/kubernetes_objects/KubernetesObjects.h"

#include "agent/kubernetes_objects/RouteShards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace gatehouse::kubernetes_objects {
namespace {

using serving_plan::PlannedRoute;
using serving_plan::ServingPlan;

settings::Settings someSettings() {
    settings::Settings settings;
    settings.baseDomain = "example.com";
    settings.externalGateway.name = "out";
    settings.internalGateway.name = "in";
    settings.oidcIssuerUrl = "https://id.example.com/realms/r/";
    return settings;
}

std::vector<std::string> numbered(const std::string& prefix, std::size_t count) {
    std::vector<std::string> result;
    for (std::size_t i = 0; i < count; ++i) {
        result.push_back(prefix + std::to_string(100'000 + i));
    }
    return result;
}

PlannedModel provider(std::vector<std::string> ids, serving_plan::CallerRule callers, bool catchAll = false) {
    PlannedModel model;
    model.kind = serving_plan::ModelKind::Passthrough;
    model.nameSpace = "team";
    model.name = "far";
    model.provider = serving_plan::Provider{"api.example.com", 443, "v1", "cred"};
    model.credentialPool = {"far-api-keys"};
    for (const ListenerKind listener : {ListenerKind::External, ListenerKind::Internal}) {
        model.routes.push_back({listener, ids, false, std::chrono::seconds(120), "120s", callers});
        if (catchAll) {
            model.routes.push_back({listener, {}, true, std::chrono::seconds(120), "120s", callers});
        }
    }
    return model;
}

std::vector<Object> objectsOf(const PlannedModel& model) {
    return kubernetesObjects(ServingPlan{{model}, {}}, someSettings());
}

std::vector<Object> ofKind(const std::vector<Object>& objects, const std::string& kind) {
    std::vector<Object> found;
    for (const Object& object : objects) {
        if (object.kind() == kind) {
            found.push_back(object);
        }
    }
    return found;
}

/// The values of every rule, in order; checks the cap.
std::vector<std::string> allowed(const Object& policy, const std::string& below, std::size_t most) {
    std::vector<std::string> values;
    std::set<std::string> names;
    for (const json::Value& rule : policy.at("spec.authorization.rules")->as_array()) {
        EXPECT_TRUE(names.insert(json::text(rule, "name")).second) << "rule names are unique";
        EXPECT_EQ(json::text(rule, "action"), "Allow");
        const json::Array& list = json::at(rule, below)->as_array()[0].as_object().at("values").as_array();
        EXPECT_LE(list.size(), most);
        for (const json::Value& value : list) {
            values.emplace_back(value.as_string());
        }
    }
    return values;
}

TEST(KubernetesObjects, ManyKeysGoIntoSeveralRules) {
    for (const std::size_t count : {1U, 256U, 257U, 2000U}) {
        const std::vector<std::string> ids = numbered("user-", count);
        const auto policies = ofKind(objectsOf(provider({"org/x"}, {false, {"llm"}, ids})), "SecurityPolicy");
        ASSERT_EQ(policies.size(), 2U);
        EXPECT_EQ(allowed(policies[0], "principal.headers", 256), ids);
        EXPECT_EQ(policies[0].text("spec.authorization.defaultAction"), "Deny");
    }
}

TEST(KubernetesObjects, ManyGroupsGoIntoSeveralRules) {
    const std::vector<std::string> groups = numbered("group-", 300);
    const auto policies = ofKind(objectsOf(provider({"org/x"}, {false, groups, {}})), "SecurityPolicy");
    EXPECT_EQ(allowed(policies[1], "principal.jwt.claims", 128), groups);
}

TEST(KubernetesObjects, WithoutKeysNobodyIsLetIn) {
    const auto policies = ofKind(objectsOf(provider({"org/x"}, {false, {}, {}})), "SecurityPolicy");
    for (const Object& policy : policies) {
        EXPECT_EQ(policy.text("spec.authorization.defaultAction"), "Deny");
        EXPECT_EQ(policy.at("spec.authorization.rules"), nullptr);
    }
}

TEST(KubernetesObjects, ManyIdsGoIntoSeveralRulesAndRoutes) {
    for (const std::size_t count : {1U, 64U, 65U, 126U, 127U, 1000U}) {
        const std::vector<std::string> ids = numbered("org/", count);
        const std::vector<Object> objects = objectsOf(provider(ids, {false, {"llm"}, {}}, true));
        std::vector<std::string> found;
        std::set<std::string> external;
        std::size_t catchAll = 0;
        for (const Object& route : ofKind(objects, "AIGatewayRoute")) {
            if (route.name().find("-external") == std::string::npos) {
                continue;
            }
            external.insert(route.name());
            std::size_t matches = 0;
            const json::Array& rules = route.at("spec.rules")->as_array();
            EXPECT_LE(rules.size(), 15U);
            for (const json::Value& rule : rules) {
                const json::Array& list = json::find(rule, "matches")->as_array();
                EXPECT_LE(list.size(), 64U);
                matches += list.size();
                for (const json::Value& match : list) {
                    const json::Value& header = json::find(match, "headers")->as_array()[0];
                    if (json::text(header, "name") == "Host") {
                        ++catchAll;
                    } else {
                        found.push_back(json::text(header, "value"));
                    }
                }
            }
            EXPECT_LE(matches, 127U);
        }
        EXPECT_EQ(found, ids);
        EXPECT_EQ(catchAll, 1U);
        const Object policy = ofKind(objects, "SecurityPolicy")[0];
        std::set<std::string> guarded;
        for (const json::Value& target : policy.at("spec.targetRefs")->as_array()) {
            guarded.insert(json::text(target, "name"));
        }
        EXPECT_EQ(guarded, external) << "every route is guarded, and nothing else is named";
    }
}

TEST(KubernetesObjects, NoRouteComesBeforeItsPolicyOrItsKeys) {
    const std::vector<Object> objects = objectsOf(provider({"org/x"}, {false, {"llm"}, {}}));
    const auto positionOf = [&](const std::string& kind) {
        return std::find_if(objects.begin(), objects.end(), [&](const Object& o) { return o.kind() == kind; }) -
               objects.begin();
    };
    EXPECT_LT(positionOf("Secret"), positionOf("SecurityPolicy"));
    EXPECT_LT(positionOf("SecurityPolicy"), positionOf("AIGatewayRoute"));
    EXPECT_LT(positionOf("AIServiceBackend"), positionOf("AIGatewayRoute"));
}

TEST(KubernetesObjects, TheIssuerStaysAsItIsAndTheKeysUrlHasNoDoubleSlash) {
    const auto policies = ofKind(objectsOf(provider({"org/x"}, {false, {"llm"}, {}})), "SecurityPolicy");
    const json::Value& oidc = policies[1].at("spec.jwt.providers")->as_array()[0];
    EXPECT_EQ(json::text(oidc, "issuer"), "https://id.example.com/realms/r/");
    EXPECT_EQ(json::text(oidc, "remoteJWKS.uri"), "https://id.example.com/realms/r/protocol/openid-connect/certs");
}

} // namespace
} // namespace gatehouse::kubernetes_objects
