#include "core/probe/Catalogue.h"

#include <gtest/gtest.h>
#include <set>

using namespace gatehouse;
using namespace gatehouse::probe;

TEST(Catalogue, BuiltInIsValidAndKnowsTheEngines) {
    const Result<Catalogue> catalogue = Catalogue::builtIn();
    ASSERT_TRUE(catalogue) << catalogue.error().describe();
    for (const char* name : {"vllm", "llamacpp", "openai-generic", "ollama", "tgi", "sglang", "litellm"}) {
        const EngineFacts* engine = catalogue->engine(name);
        ASSERT_NE(engine, nullptr) << name;
        EXPECT_FALSE(engine->positiveControl.empty()) << name;
        EXPECT_GT(engine->routes.size(), 10U) << name;
    }
    EXPECT_EQ(catalogue->engine("envoy"), nullptr) << "a gateway is no engine";
    EXPECT_EQ(catalogue->digest().size(), 64U);
    EXPECT_EQ(catalogue->digest(), Catalogue::builtIn()->digest());
}

TEST(Catalogue, EveryMutatingRouteHasASafeMethodThatChangesNothing) {
    const Result<Catalogue> catalogue = Catalogue::builtIn();
    ASSERT_TRUE(catalogue);
    for (const EngineFacts& engine : catalogue->engines()) {
        for (const Route& route : engine.routes) {
            if (route.routeClass == "control" || route.method == "DELETE") {
                EXPECT_TRUE(route.mutating) << engine.name << " " << route.name();
                EXPECT_EQ(route.safeMethod, "GET") << engine.name << " " << route.name();
            }
        }
    }
}

TEST(Catalogue, RoutesDependOnTheVersionAndHoldTheCommonOnes) {
    json::Value document = json::parse(R"({"apiVersion":"gatehouse.dev/v1alpha1","kind":"ProbeCatalogue","engines":[
        {"name":"e","routes":[{"route":"GET /a","class":"recon"},{"route":"GET /b","class":"recon","since":"1.10"},
                              {"route":"GET /c","class":"recon","until":"1.9.2"}]},
        {"name":"all","role":"common","routes":[{"route":"GET /z","class":"recon"},{"route":"GET /a","class":"recon"}]}]})")
                               .value();
    const Result<Catalogue> catalogue = Catalogue::fromJson(document);
    ASSERT_TRUE(catalogue) << catalogue.error().describe();
    const auto names = [&](const char* version) {
        std::set<std::string> set;
        for (const Route& route : catalogue->routesOf(*catalogue->engine("e"), version)) {
            set.insert(route.path);
        }
        return set;
    };
    EXPECT_EQ(names(""), (std::set<std::string>{"/a", "/b", "/c", "/z"})) << "an unknown version gets all routes";
    EXPECT_EQ(names("1.9.1"), (std::set<std::string>{"/a", "/c", "/z"}));
    EXPECT_EQ(names("1.10.0"), (std::set<std::string>{"/a", "/b", "/z"}));
}

TEST(Catalogue, RefusesWhatItDoesNotUnderstand) {
    for (const char* engine :
         {R"({"name":"e","rotes":[]})", R"({"name":"e","routes":[{"route":"GET a","class":"recon"}]})",
          R"({"name":"e","routes":[{"route":"GET /a","class":"fun"}]})", R"({"name":"e","denials":[{"id":"x"}]})",
          R"({"name":"e","denials":[{"id":"x","status":[401]}]})",
          R"({"name":"e","routes":[{"route":"POST /a","class":"inference","body":"chat"}]})", R"({"routes":[]})",
          R"({"name":"e","positiveControl":["POST /v1/chat/completions"]})", R"({"name":"e","role":"boss"})"}) {
        json::Object document{{"apiVersion", "gatehouse.dev/v1alpha1"}, {"kind", "ProbeCatalogue"}};
        document["engines"] = json::Array{json::parse(engine).value()};
        EXPECT_FALSE(Catalogue::fromJson(document)) << engine;
    }
}

TEST(Catalogue, ComparesVersionsByNumber) {
    EXPECT_LT(compareVersions("0.9.2", "0.10"), 0);
    EXPECT_EQ(compareVersions("v1.2", "1.2.0"), 0);
    EXPECT_GT(compareVersions("1.2.1", "1.2"), 0);
    EXPECT_EQ(compareVersions("0.11.0rc1", "0.11.0"), 0);
}
