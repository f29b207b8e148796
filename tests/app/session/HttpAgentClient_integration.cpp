// Tests compare with literals; the product never converts implicitly.
#undef QT_NO_CAST_FROM_ASCII
#include "app/session/HttpAgentClient.h"

#include "core/object_store/KnownKinds.h"
#include "tests/support/ScriptedServer.h"

#include <gtest/gtest.h>

#include <thread>

namespace gatehouse::session {
namespace {

using test::ScriptedServer;

HttpAgentClient clientOf(const ScriptedServer& server) {
    AgentConnection connection;
    connection.server = server.url();
    connection.token = Secret::copyOf("the-token");
    return HttpAgentClient(std::move(connection));
}

ScriptedServer::Reply reply(int status, const std::string& body) {
    return {ScriptedServer::answer(status, body, {"X-Gatehouse-Version: 0.1.7"})};
}

TEST(HttpAgentClientTest, ListsAllPagesWithTheToken) {
    ScriptedServer server([](const ScriptedServer::Request& request) {
        const bool second = request.path.find("continue=more") != std::string::npos;
        return reply(
            200, second
                     ? R"({"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"b"}}]})"
                     : R"({"metadata":{"resourceVersion":"7","continue":"more"},"items":[{"metadata":{"name":"a"}}]})");
    });
    auto client = clientOf(server);
    const auto list = client.list(kinds::LLMModel, {});
    ASSERT_TRUE(list) << list.error().describe();
    ASSERT_EQ(list->items.size(), 2U);
    EXPECT_EQ(list->items[1].name(), "b");
    EXPECT_EQ(list->resourceVersion, "7");
    EXPECT_EQ(client.agentVersion(), "0.1.7");
    EXPECT_EQ(server.requests().front().headers.at("authorization"), "Bearer the-token");
}

TEST(HttpAgentClientTest, AStatusBecomesAnErrorWithItsField) {
    ScriptedServer server([](const ScriptedServer::Request&) {
        return reply(
            422,
            R"({"kind":"Status","reason":"Invalid","code":422,"message":"the count is negative","details":{"causes":[{"field":"spec.resources.gpu.count"}]}})");
    });
    auto client = clientOf(server);
    const Object model(json::Object{{"apiVersion", "llm.nebari.dev/v1alpha1"},
                                    {"kind", "LLMModel"},
                                    {"metadata", json::Object{{"name", "x"}, {"namespace", "team a"}}}});
    const auto written = client.update(model, true, {});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().kind, ErrorKind::Invalid);
    EXPECT_EQ(written.error().field, "spec.resources.gpu.count");
    EXPECT_EQ(server.requests().front().method, "PUT");
    EXPECT_NE(server.requests().front().path.find("/namespaces/team%20a/llmmodels/x?"), std::string::npos);
    EXPECT_NE(server.requests().front().path.find("dryRun=All"), std::string::npos);
}

TEST(HttpAgentClientTest, AWrongTokenIsUnauthenticatedAndNotRepeatedInTheError) {
    ScriptedServer server([](const ScriptedServer::Request&) {
        return reply(401, R"({"kind":"Status","reason":"Unauthorized","code":401,"message":"unknown token"})");
    });
    auto client = clientOf(server);
    const auto list = client.list(kinds::ApiKey, {});
    ASSERT_FALSE(list);
    EXPECT_EQ(list.error().kind, ErrorKind::Unauthenticated);
    EXPECT_EQ(list.error().describe().find("the-token"), std::string::npos);
}

TEST(HttpAgentClientTest, WatchHandsEventsOverAndTellsTooOld) {
    ScriptedServer server([](const ScriptedServer::Request&) {
        return reply(200, "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"8\"}}}\n"
                          "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\","
                          "\"message\":\"too old\"}}\n");
    });
    auto client = clientOf(server);
    std::vector<std::string> names;
    bool opened = false;
    const auto watched = client.watch(
        kinds::LLMModel, "7",
        {[&] { opened = true; }, [&](const WatchEvent& event) { names.push_back(event.object.name()); }}, {});
    EXPECT_TRUE(opened);
    EXPECT_EQ(names, std::vector<std::string>{"a"});
    ASSERT_FALSE(watched);
    EXPECT_EQ(watched.error().kind, ErrorKind::TooOld);
}

TEST(HttpAgentClientTest, AMintedKeyIsTakenOutOfTheObject) {
    ScriptedServer server([](const ScriptedServer::Request&) {
        return reply(
            201,
            R"({"apiVersion":"gatehouse.dev/v1alpha1","kind":"ApiKey","metadata":{"name":"user-a"},"status":{"state":"Active","key":"sk-secret"}})");
    });
    auto client = clientOf(server);
    const auto minted = client.mintKey(Object(json::Object{{"kind", "ApiKey"}}), {});
    ASSERT_TRUE(minted) << minted.error().describe();
    EXPECT_TRUE(minted->value.equals("sk-secret"));
    EXPECT_EQ(json::compact(minted->key.value()).find("sk-secret"), std::string::npos);
    EXPECT_EQ(server.requests().front().path, "/apis/gatehouse.dev/v1alpha1/namespaces/default/apikeys");
}

TEST(HttpAgentClientTest, AStopWakesAHangingWatch) {
    ScriptedServer server([](const ScriptedServer::Request&) {
        return ScriptedServer::Reply{"", ScriptedServer::End::Hang};
    });
    auto client = clientOf(server);
    std::stop_source stop;
    std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        stop.request_stop();
    });
    const auto started = std::chrono::steady_clock::now();
    const auto watched = client.watch(kinds::LLMModel, "1", {[] {}, [](const WatchEvent&) {}}, stop.get_token());
    EXPECT_FALSE(watched);
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(3));
}

TEST(HttpAgentClientTest, NobodyThereIsUnreachable) {
    int port = 0;
    {
        const ScriptedServer gone([](const ScriptedServer::Request&) { return reply(200, "{}"); });
        port = gone.port();
    }
    AgentConnection connection;
    connection.server = "http://127.0.0.1:" + std::to_string(port);
    HttpAgentClient client(std::move(connection));
    const auto list = client.list(kinds::LLMModel, {});
    ASSERT_FALSE(list);
    EXPECT_EQ(list.error().kind, ErrorKind::Unreachable);
    EXPECT_FALSE(list.error().hint.empty());
}

} // namespace
} // namespace gatehouse::session
