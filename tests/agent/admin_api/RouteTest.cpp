#include "agent/admin_api/Route.h"

#include "agent/admin_api/Discovery.h"
#include "agent/admin_api/OpenApi.h"
#include "agent/admin_api/Rules.h"
#include "agent/admin_api/Table.h"
#include "core/api/CustomResources.h"

#include <gtest/gtest.h>

namespace gatehouse::admin_api {
namespace {

http_server::Request request(const std::string& path, const std::string& query = {}) {
    http_server::Request made;
    made.path = path;
    made.query = query;
    return made;
}

std::optional<ResourcePath> resource(const std::string& path) {
    const auto route = parseRoute(request(path));
    return route ? parseResource(*route) : std::nullopt;
}

TEST(Route, Resources) {
    const auto status = resource("/apis/llm.nebari.dev/v1alpha1/namespaces/default/llmmodels/chat/status");
    ASSERT_TRUE(status);
    EXPECT_EQ(status->kind->type, kinds::LLMModel);
    EXPECT_EQ(status->nameSpace, "default");
    EXPECT_EQ(status->name, "chat");
    EXPECT_EQ(status->subresource, "status");
    EXPECT_TRUE(resource("/api/v1/secrets"));
    EXPECT_TRUE(resource("/api/v1/namespaces"));
    EXPECT_EQ(resource("/api/v1/namespaces/default")->name, "default");
    EXPECT_FALSE(resource("/api/v1/namespaces/default/llmmodels"));
    EXPECT_FALSE(resource("/api/v1/secrets/x")) << "a name without its namespace";
    EXPECT_FALSE(resource("/apis/llm.nebari.dev/v1alpha1/namespaces/a/llmmodels/b/c/d"));
    EXPECT_FALSE(resource("/apis/gatehouse.dev/v1alpha1/installation"));
}

TEST(Route, RefusesPathsThatCouldMeanAnother) {
    for (const char* path : {"/a//b", "/a/./b", "/a/../b", "/a/%2e%2e/b", "/a/%2f", "/a/%00", "/a/%", "/a/%4", "/a/%zz",
                             "/a/%5c", "/a/b%0a"}) {
        EXPECT_FALSE(parseRoute(request(path))) << path;
    }
    EXPECT_FALSE(parseRoute(request("/a", "x=%zz")));
    const auto twice = parseRoute(request("/a%20b", "x=1&x=2&y=a+b%26c&watch"));
    ASSERT_TRUE(twice);
    EXPECT_EQ(twice->segments.front(), "a b");
    EXPECT_EQ(twice->parameter("x"), "1");
    EXPECT_EQ(twice->parameter("y"), "a b&c");
    EXPECT_FALSE(twice->flag("watch"));
}

TEST(Route, AcceptHeader) {
    EXPECT_EQ(*chooseForm(""), Form::Json);
    EXPECT_EQ(*chooseForm("*/*"), Form::Json);
    EXPECT_EQ(*chooseForm("application/json;as=Table;v=v1;g=meta.k8s.io,application/json"), Form::Table);
    EXPECT_EQ(*chooseForm("application/json;as=Table;v=v1beta1;g=meta.k8s.io, application/json"), Form::Json);
    EXPECT_EQ(*chooseForm("application/vnd.kubernetes.protobuf,application/json"), Form::Json);
    EXPECT_EQ(*chooseForm("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"),
              Form::Json);
    EXPECT_EQ(httpStatusOf(chooseForm("application/vnd.kubernetes.protobuf").error()), 406);
}

TEST(Discovery, EveryKindIsFoundAndDescribed) {
    for (const auto& kind : knownKinds()) {
        const std::string group =
            kind.type.group.empty() ? "/api/" + kind.type.version : "/apis/" + kind.type.apiVersion();
        const auto found = discovery(*parseRoute(request(group)));
        ASSERT_TRUE(found) << group;
        EXPECT_NE(json::compact(*found).find("\"name\":\"" + kind.type.plural + "\""), std::string::npos);
        const auto document = openApiDocument(group.substr(1));
        ASSERT_TRUE(document);
        const std::string text = json::compact(*document);
        EXPECT_NE(text.find("\"kind\":\"" + kind.type.kind + "\""), std::string::npos) << kind.type.kind;
        EXPECT_NE(text.find("fieldValidation"), std::string::npos);
    }
    EXPECT_FALSE(discovery(*parseRoute(request("/apis/none.dev"))));
    EXPECT_EQ(openApiIndex().at("paths").get_object().size(), 3U);
}

TEST(Table, PathsOfColumns) {
    const auto value = *json::parse(R"({"a": {"b/c.d": [ {"e": 7} ]}, "s": "x"})");
    const auto& object = value.get_object();
    EXPECT_EQ(atJsonPath(object, ".a.b/c\\.d[0].e")->as_int64(), 7);
    EXPECT_EQ(atJsonPath(object, ".s")->as_string(), "x");
    for (const char* missing : {".a.b", ".a.b/c\\.d[1]", ".a.b/c\\.d[x]", ".s.t", ".s[0]", ".a.b/c\\.d["}) {
        EXPECT_EQ(atJsonPath(object, missing), nullptr) << missing;
    }
}

TEST(Table, AgesReadLikeThoseOfKubectl) {
    using std::chrono::seconds;
    EXPECT_EQ(shortAge(seconds(-5)), "0s");
    EXPECT_EQ(shortAge(seconds(119)), "119s");
    EXPECT_EQ(shortAge(seconds(125)), "2m5s");
    EXPECT_EQ(shortAge(seconds(600)), "10m");
    EXPECT_EQ(shortAge(seconds(3 * 3600 + 300)), "3h5m");
    EXPECT_EQ(shortAge(seconds(30 * 3600)), "30h");
    EXPECT_EQ(shortAge(seconds(49 * 3600)), "2d1h");
    EXPECT_EQ(shortAge(seconds(24 * 3600 * 100)), "100d");
    EXPECT_EQ(shortAge(seconds(24LL * 3600 * 800)), "2y70d");
}

TEST(Rules, SecretsAndReadOnlyKinds) {
    auto secret = Object::from(*json::parse(
        R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"data":{"k":"djE="},"stringData":{"x":"y"}})"));
    const Object seen = redacted(*secret);
    EXPECT_EQ(seen.at("data"), nullptr);
    EXPECT_EQ(seen.at("stringData"), nullptr);
    EXPECT_FALSE(isWhole(seen));
    EXPECT_TRUE(isWhole(*secret));
    EXPECT_FALSE(mayWrite(kinds::Secret, "chat-api-keys"));
    EXPECT_TRUE(mayWrite(kinds::Secret, "provider"));
    EXPECT_FALSE(mayWrite(kinds::ConfigMap, "x"));
    EXPECT_FALSE(mayWrite(kinds::Namespace, "x"));
}

} // namespace
} // namespace gatehouse::admin_api
