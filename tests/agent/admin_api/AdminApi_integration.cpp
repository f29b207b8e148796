#include "tests/agent/admin_api/AdminApiFixture.h"

#include <atomic>
#include <thread>

namespace gatehouse::admin_api {
namespace {

using namespace std::chrono_literals;

class AdminApiOverTls : public AdminApiFixture {
protected:
    [[nodiscard]] Result<http::Response> send(http::Request request) const {
        return http::HttpClient(clientOptions()).send(request);
    }

    [[nodiscard]] int statusOf(http::Request request) const {
        const auto response = send(std::move(request));
        EXPECT_TRUE(response) << response.error().describe();
        return response ? response->status : 0;
    }

    /// Waits for an event about `name`; bookmarks are passed over.
    static std::optional<WatchEvent> eventOf(Watch& watch, const std::string& name) {
        for (int i = 0; i < 50; ++i) {
            auto event = watch.next(200ms, {});
            if (!event) {
                ADD_FAILURE() << event.error().describe();
                return std::nullopt;
            }
            if (*event && (*event)->object.name() == name) {
                return std::move(**event);
            }
        }
        return std::nullopt;
    }

    static constexpr const char* Models = "/apis/llm.nebari.dev/v1alpha1/namespaces/default/llmmodels";
};

TEST_F(AdminApiOverTls, NobodyWithoutTheTokenGetsIn) {
    const std::vector<std::string> paths{"/api",        "/apis",     "/version",
                                         "/openapi/v3", Models,      "/apis/gatehouse.dev/v1alpha1/installation",
                                         "/nonsense",   "//healthz", "/healthz/../api"};
    for (const char* token : {"", "wrong", "test-token-test-toke", "test-token-test-token2"}) {
        auto options = clientOptions();
        options.token = Secret::copyOf(token);
        http::HttpClient client(std::move(options));
        for (const auto& path : paths) {
            const auto response = client.send({"GET", path, {}, {}});
            ASSERT_TRUE(response) << response.error().describe();
            EXPECT_EQ(response->status, 401) << path;
            EXPECT_NE(response->body.find("Unauthorized"), std::string::npos);
            EXPECT_TRUE(response->headers.contains("X-Gatehouse-Version"));
        }
        EXPECT_EQ(client.send({"GET", "/healthz", {}, {}})->status, 200);
    }
    auto options = clientOptions();
    options.token = {};
    const auto basic = http::HttpClient(std::move(options))
                           .send({"GET", "/api", {{"Authorization", std::string("Basic ") + TestToken}}, {}});
    EXPECT_EQ(basic->status, 401);
}

TEST_F(AdminApiOverTls, EmptyTokenLetsNobodyIn) {
    AdminApi closed(*m_store, *m_backend, m_clock, Secret());
    http_server::Request request;
    request.path = "/api";
    request.headers.set("Authorization", "Bearer ");
    EXPECT_EQ(closed.handle(request, {}).status, 401);
    EXPECT_TRUE(closed.admit(request));
}

TEST_F(AdminApiOverTls, StoreContractThroughTheClient) {
    const auto created = m_client->create(model("chat"));
    ASSERT_TRUE(created) << created.error().describe();
    EXPECT_EQ(m_client->create(model("chat")).error().kind, ErrorKind::AlreadyExists);
    auto stale = *created;
    auto changed = *created;
    json::objectAt(changed.content(), "spec")["serving"] = json::Object{{"replicas", 2}};
    const auto updated = m_client->update(changed);
    ASSERT_TRUE(updated) << updated.error().describe();
    EXPECT_EQ(m_client->update(stale).error().kind, ErrorKind::Conflict);
    auto status = *updated;
    status.content()["status"] = json::Object{{"phase", "Ready"}};
    const auto withStatus = m_client->updateStatus(status);
    ASSERT_FALSE(withStatus) << "a status is the agent's own";
    EXPECT_EQ(withStatus.error().kind, ErrorKind::Forbidden);
    const ObjectKey key{kinds::LLMModel, "default", "chat"};
    const auto patched = m_client->patch(
        key, PatchType::Merge, json::Object{{"metadata", json::Object{{"labels", json::Object{{"a", "b"}}}}}});
    ASSERT_TRUE(patched) << patched.error().describe();
    ListOptions selected;
    selected.labelSelector = "a=b";
    EXPECT_EQ(m_client->list(kinds::LLMModel, selected)->items.size(), 1U);
    const auto bad = m_client->patch(key, PatchType::Merge, *json::parse(R"({"spec": {"model": {"name": 7}}})"));
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().kind, ErrorKind::Invalid);
    EXPECT_EQ(bad.error().field, "spec.model.name");
    WriteOptions dry;
    dry.dryRun = true;
    EXPECT_TRUE(m_client->create(model("other", "org/other"), dry));
    EXPECT_EQ(m_client->get({kinds::LLMModel, "default", "other"}).error().kind, ErrorKind::NotFound);
    DeleteOptions wrong;
    wrong.preconditions.uid = "00000000-0000-4000-8000-000000000000";
    EXPECT_EQ(m_client->remove(key, wrong).error().kind, ErrorKind::Conflict);
    EXPECT_TRUE(m_client->remove(key));
    EXPECT_EQ(m_client->remove(key).error().kind, ErrorKind::NotFound);
}

TEST_F(AdminApiOverTls, ListPagesAreOneList) {
    for (int i = 0; i < 7; ++i) {
        ASSERT_TRUE(m_client->create(model("m" + std::to_string(i), "org/m" + std::to_string(i))));
    }
    ListOptions page;
    page.limit = 3;
    std::size_t seen = 0;
    int pages = 0;
    do {
        const auto list = m_client->list(kinds::LLMModel, page);
        ASSERT_TRUE(list) << list.error().describe();
        seen += list->items.size();
        page.continueToken = list->continueToken;
        ++pages;
    } while (!page.continueToken.empty());
    EXPECT_EQ(seen, 7U);
    EXPECT_EQ(pages, 3);
}

TEST_F(AdminApiOverTls, WatchFromAListMissesNothing) {
    const auto list = m_client->list(kinds::LLMModel, {});
    ASSERT_TRUE(list);
    ASSERT_TRUE(m_client->create(model("early", "org/early")));
    WatchOptions options;
    options.resourceVersion = list->resourceVersion;
    auto watch = m_client->watch(kinds::LLMModel, options);
    ASSERT_TRUE(watch) << watch.error().describe();
    ASSERT_TRUE(eventOf(**watch, "early"));
    ASSERT_TRUE(m_client->remove({kinds::LLMModel, "default", "early"}));
    const auto gone = eventOf(**watch, "early");
    ASSERT_TRUE(gone);
    EXPECT_EQ(gone->type, WatchEventType::Deleted);
    options.resourceVersion = "999999999";
    const auto future = m_client->watch(kinds::LLMModel, options);
    if (future) {
        EXPECT_FALSE((*future)->next(1s, {}));
    }
}

TEST_F(AdminApiOverTls, WatchEndsWithTheServer) {
    auto watch = m_client->watch(kinds::LLMModel, {});
    ASSERT_TRUE(watch) << watch.error().describe();
    m_server->stop(200ms);
    Result<std::optional<WatchEvent>> last = std::optional<WatchEvent>();
    for (int i = 0; i < 20 && last; ++i) {
        last = (*watch)->next(200ms, {});
    }
    ASSERT_FALSE(last);
    EXPECT_EQ(last.error().kind, ErrorKind::Unreachable);
    const auto get = m_client->get({kinds::LLMModel, "default", "x"});
    ASSERT_FALSE(get);
    EXPECT_EQ(get.error().kind, ErrorKind::Unreachable);
    EXPECT_NE(get.error().describe().find("is the agent running?"), std::string::npos) << get.error().describe();
}

TEST_F(AdminApiOverTls, TimeoutSecondsEndsAWatch) {
    const auto began = std::chrono::steady_clock::now();
    const auto response = send({"GET", std::string(Models) + "?watch=1&timeoutSeconds=1", {}, {}});
    ASSERT_TRUE(response) << response.error().describe();
    EXPECT_EQ(response->status, 200);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 4s);
}

TEST_F(AdminApiOverTls, KeysAreMadeWatchedRotatedAndRevoked) {
    ASSERT_TRUE(m_client->create(model("chat")));
    auto watch = m_client->watch(kinds::ApiKey, {});
    ASSERT_TRUE(watch) << watch.error().describe();
    const std::string keys = "namespaces/default/apikeys";
    const auto body = *json::parse(R"({"apiVersion": "gatehouse.dev/v1alpha1", "kind": "ApiKey",
        "metadata": {"generateName": "key-"}, "spec": {"model": "chat", "owner": "ada", "expires": "30d"}})");
    const auto made = m_client->post(keys, body);
    ASSERT_TRUE(made) << made.error().describe();
    const std::string id = json::text(*made, "metadata.name");
    EXPECT_TRUE(json::text(*made, "status.key").starts_with("sk-"));
    const auto added = eventOf(**watch, id);
    ASSERT_TRUE(added);
    EXPECT_EQ(added->type, WatchEventType::Added);
    EXPECT_EQ(json::compact(added->object.value()).find("sk-"), std::string::npos);
    const auto rotated = m_client->post(keys + "/" + id + "/rotate", json::Object{{"grace", "1h"}});
    ASSERT_TRUE(rotated) << rotated.error().describe();
    ASSERT_TRUE(eventOf(**watch, json::text(*rotated, "metadata.name")));
    ASSERT_TRUE(m_client->remove({kinds::ApiKey, "default", id}));
    std::optional<WatchEvent> gone;
    do {
        gone = eventOf(**watch, id);
    } while (gone && gone->type != WatchEventType::Deleted);
    EXPECT_TRUE(gone);
    EXPECT_EQ(m_client->remove({kinds::ApiKey, "default", id}).error().kind, ErrorKind::NotFound);
    auto unknown = body;
    unknown.at("spec").as_object()["colour"] = "red";
    EXPECT_EQ(m_client->post(keys, unknown).error().kind, ErrorKind::BadRequest);
    EXPECT_EQ(statusOf({"GET", "/apis/gatehouse.dev/v1alpha1/apikeys?watch=1&resourceVersion=1", {}, {}}), 410);
}

TEST_F(AdminApiOverTls, DocumentsBesideResources) {
    EXPECT_EQ(json::text(*m_client->document("installation"), "mode"), "standalone");
    EXPECT_EQ(json::text(*m_client->document("inventory"), "kind"), "EndpointInventory");
    EXPECT_EQ(json::text(*m_client->document("namespaces/default/proberuns/r1/report"), "name"), "r1");
    EXPECT_EQ(*m_client->bytes("namespaces/default/proberuns/r1/transcripts/chat/no-credential/post-v1"),
              "r1:chat/no-credential/post-v1");
    EXPECT_EQ(m_client->bytes("namespaces/default/evidencepacks/p/archive")->size(), 4U);
    EXPECT_EQ(m_client->document("namespaces/default/evidencepacks/p/verification").error().kind, ErrorKind::NotFound);
    EXPECT_EQ(statusOf({"POST", "/apis/gatehouse.dev/v1alpha1/installation", {}, "{}"}), 405);
}

TEST_F(AdminApiOverTls, BadInputIsRefusedWithTheRightStatus) {
    const std::string json = "application/json";
    const auto post = [&](const std::string& type, std::string body) {
        return statusOf({"POST", Models, {{"Content-Type", type}}, std::move(body)});
    };
    EXPECT_EQ(post("application/vnd.kubernetes.protobuf", "k8s"), 415);
    EXPECT_EQ(post("application/cbor", "x"), 415);
    EXPECT_EQ(post(json, "{"), 400);
    EXPECT_EQ(post(json, "{\"a\":1,\"a\":2}"), 400);
    EXPECT_EQ(post(json, "[]"), 400);
    EXPECT_EQ(post("application/yaml", "a: &x [1]\nb: *x\n"), 400);
    EXPECT_EQ(post(json, R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}})"), 400);
    EXPECT_EQ(
        post(json,
             R"({"apiVersion":"llm.nebari.dev/v1alpha1","kind":"LLMModel","metadata":{"name":"a","namespace":"b"}})"),
        400);
    EXPECT_EQ(post(json, std::string(1700U << 10, ' ')), 413);
    EXPECT_EQ(statusOf({"GET", Models, {{"Accept", "application/vnd.kubernetes.protobuf"}}, {}}), 406);
    EXPECT_EQ(statusOf({"GET", std::string(Models) + "/%2e%2e", {}, {}}), 400);
    EXPECT_EQ(statusOf({"GET", std::string(Models) + "/a%2fb", {}, {}}), 400);
    EXPECT_EQ(statusOf({"GET", std::string(Models) + "/a%00b", {}, {}}), 400);
    EXPECT_EQ(statusOf({"GET", std::string(Models) + "?limit=x", {}, {}}), 400);
    EXPECT_EQ(statusOf({"GET", "/apis/llm.nebari.dev/v9/llmmodels", {}, {}}), 404);
    EXPECT_EQ(statusOf({"PATCH", std::string(Models) + "/a", {{"Content-Type", "application/json"}}, "{}"}), 415);
    EXPECT_EQ(statusOf({"TRACE", Models, {}, {}}), 405);
    EXPECT_EQ(statusOf({"DELETE", "/api/v1/namespaces/default/configmaps/x", {}, {}}), 405);
    EXPECT_EQ(statusOf({"DELETE", "/api/v1/namespaces/default/secrets/x-api-keys", {}, {}}), 403);
    EXPECT_EQ(
        statusOf(
            {"POST",
             "/api/v1/namespaces/default/secrets",
             {},
             R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"a","annotations":{"gatehouse.dev/redacted":"true"}}})"}),
        422);
}

TEST(ApiClientAgainstStrangers, OtherVersionAndOtherServersAreNamed) {
    const auto answering = [](const std::string& version) {
        auto server = http_server::HttpServer::start({}, [version](const http_server::Request&, std::stop_token) {
            http_server::Response response;
            if (!version.empty()) {
                response.headers.set("X-Gatehouse-Version", version);
            }
            response.body = "{}";
            return response;
        });
        EXPECT_TRUE(server);
        return std::move(*server);
    };
    for (const char* version : {"9.9.0", "0.11.0", ""}) {
        const auto server = answering(version);
        http::ClientOptions options;
        options.baseUrl = "http://127.0.0.1:" + std::to_string(server->port());
        http::ApiClient client(std::move(options));
        const auto result = client.document("installation");
        ASSERT_FALSE(result) << version;
        EXPECT_EQ(result.error().kind, ErrorKind::Unsupported);
        EXPECT_FALSE(result.error().hint.empty());
        const auto watch = client.watch(kinds::LLMModel, {});
        ASSERT_FALSE(watch) << version;
        EXPECT_EQ(watch.error().kind, ErrorKind::Unsupported) << watch.error().describe();
    }
}

TEST_F(AdminApiOverTls, NobodyButTheAgentWritesAStatus) {
    const std::string packs = "/apis/gatehouse.dev/v1alpha1/namespaces/default/evidencepacks";
    ASSERT_EQ(statusOf({"POST",
                        packs,
                        {},
                        R"({"apiVersion":"gatehouse.dev/v1alpha1","kind":"EvidencePack","metadata":{"name":"p"},
                           "spec":{},"status":{"phase":"Completed","madeAt":"9999-01-01T00:00:00Z"}})"}),
              201);
    const std::string forged = R"({"apiVersion":"gatehouse.dev/v1alpha1","kind":"EvidencePack","metadata":{"name":"p"},
        "spec":{},"status":{"phase":"Completed","path":"/etc","madeAt":"9999-01-01T00:00:00Z"}})";
    EXPECT_EQ(statusOf({"PUT", packs + "/p/status", {}, forged}), 403);
    for (const char* type : {"application/merge-patch+json", "application/apply-patch+yaml"}) {
        EXPECT_EQ(statusOf({"PATCH", packs + "/p/status?fieldManager=x", {{"Content-Type", type}}, forged}), 403);
        EXPECT_NE(statusOf({"PATCH", packs + "/p?fieldManager=x", {{"Content-Type", type}}, forged}), 500);
    }
    EXPECT_EQ(statusOf({"PUT", packs + "/p", {}, forged}), 200) << "the status of a whole object is left out";
    EXPECT_EQ(statusOf({"PATCH",
                        packs + "/p/status",
                        {{"Content-Type", "application/json-patch+json"}},
                        R"([{"op":"add","path":"/status","value":{"phase":"Completed"}}])"}),
              403);
    EXPECT_EQ(statusOf({"PATCH",
                        packs + "/p",
                        {{"Content-Type", "application/json-patch+json"}},
                        R"([{"op":"add","path":"/status","value":{"phase":"Completed"}}])"}),
              200);
    const auto stored = m_store->get({kinds::EvidencePack, "default", "p"});
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->at("status"), nullptr);
}

TEST_F(AdminApiOverTls, SecretsAreNeverReadBackInAnyForm) {
    const std::string secrets = "/api/v1/namespaces/default/secrets";
    ASSERT_EQ(statusOf({"POST",
                        secrets,
                        {},
                        R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"p","annotations":
                           {"kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"k\":\"aHVudGVyMg==\"}}"}},
                           "data":{"k":"aHVudGVyMg=="}})"}),
              201);
    const std::string table = "application/json;as=Table;v=v1;g=meta.k8s.io";
    for (const auto& target : {secrets, secrets + "/p", secrets + "?watch=1&timeoutSeconds=1",
                               secrets + "?includeObject=Object", secrets + "/p?includeObject=Object"}) {
        for (const auto& accept : {std::string("application/json"), table}) {
            const auto response = send({"GET", target, {{"Accept", accept}}, {}});
            ASSERT_TRUE(response) << response.error().describe();
            EXPECT_EQ(response->status, 200) << target;
            EXPECT_EQ(response->body.find("aHVudGVyMg"), std::string::npos) << target << " as " << accept;
        }
    }
    const auto patched = send({"PATCH",
                               secrets + "/p",
                               {{"Content-Type", "application/merge-patch+json"}},
                               R"({"metadata":{"labels":{"a":"b"}}})"});
    EXPECT_EQ(patched->status, 200);
    EXPECT_EQ(patched->body.find("aHVudGVyMg"), std::string::npos);
    for (const char* steal : {R"([{"op":"add","path":"/metadata/annotations","value":{}},
                                  {"op":"copy","from":"/data/k","path":"/metadata/annotations/x"}])",
                              R"([{"op":"move","from":"/data","path":"/metadata/annotations"}])",
                              R"([{"op":"test","path":"/data/k","value":"aHVudGVyMg=="}])"}) {
        for (const char* trial : {"", "?dryRun=All"}) {
            const auto stolen =
                send({"PATCH", secrets + "/p" + trial, {{"Content-Type", "application/json-patch+json"}}, steal});
            ASSERT_TRUE(stolen);
            EXPECT_EQ(stolen->status, 403) << steal;
            EXPECT_EQ(stolen->body.find("aHVudGVyMg"), std::string::npos) << steal;
        }
    }
    const auto replaced = send({"PATCH",
                                secrets + "/p",
                                {{"Content-Type", "application/json-patch+json"}},
                                R"([{"op":"replace","path":"/data/k","value":"aHVudGVyMg=="}])"});
    EXPECT_EQ(replaced->status, 200);
    const auto removed = send({"DELETE", secrets, {}, {}});
    EXPECT_EQ(removed->body.find("aHVudGVyMg"), std::string::npos);
}

} // namespace
} // namespace gatehouse::admin_api
