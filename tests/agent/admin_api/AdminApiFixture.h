#pragma once

#include "agent/admin_api/AdminApi.h"
#include "agent/admin_api/Kubeconfig.h"
#include "core/api/Admission.h"
#include "core/http/ApiClient.h"
#include "core/keys/KeyManager.h"
#include "core/local_store/LocalStore.h"
#include "core/object_store/KnownKinds.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace gatehouse::admin_api {

/// The keys are the real ones, over the real store; the documents are small constants.
class TestBackend final : public Backend {
public:
    TestBackend(ObjectStore& store, const Clock& clock) : m_keys(store, clock) {}

    Result<std::vector<KeyView>> keys(const std::string& nameSpace) override {
        auto list = m_keys.list(nameSpace);
        if (!list) {
            return failure(std::move(list.error()));
        }
        std::vector<KeyView> views;
        for (auto& metadata : *list) {
            views.push_back({std::move(metadata), "org/model", KeyState::Active, {}});
        }
        return views;
    }

    Result<MintedKeyView> mintKey(const KeyRequest& request, std::stop_token) override {
        auto minted = m_keys.mint(
            {request.nameSpace, request.model, request.owner, request.description, request.tenant, request.lifetime});
        if (!minted) {
            return failure(std::move(minted.error()));
        }
        return MintedKeyView{{std::move(minted->metadata), "org/model", KeyState::Active, {}},
                             std::move(minted->value)};
    }

    Result<KeyView> revokeKey(const std::string& nameSpace, const std::string& clientId, std::stop_token) override {
        auto revoked = m_keys.revoke(nameSpace, clientId);
        if (!revoked) {
            return failure(std::move(revoked.error()));
        }
        return KeyView{std::move(*revoked), "org/model", KeyState::Active, {}};
    }

    Result<MintedKeyView> rotateKey(const std::string& nameSpace, const std::string& clientId,
                                    std::chrono::seconds grace, std::stop_token) override {
        auto minted = m_keys.rotate(nameSpace, clientId, grace);
        if (!minted) {
            return failure(std::move(minted.error()));
        }
        return MintedKeyView{{std::move(minted->metadata), "org/model", KeyState::Active, {}},
                             std::move(minted->value)};
    }

    Result<json::Object> installation() override { return json::Object{{"mode", "standalone"}}; }

    Result<json::Object> inventory(std::stop_token) override { return json::Object{{"kind", "EndpointInventory"}}; }

    Result<json::Object> probeReport(const std::string&, const std::string& run) override {
        return json::Object{{"kind", "ProbeReport"}, {"name", run}};
    }

    Result<std::string> transcript(const std::string&, const std::string& run, const std::string& id) override {
        return run + ":" + id;
    }

    Result<std::string> packArchive(const std::string&, const std::string&) override {
        return std::string("PK\0\1", 4);
    }

    Result<json::Object> verifyPack(const std::string&, const std::string& pack, std::stop_token) override {
        return failure(ErrorKind::NotFound, "there is no pack " + pack);
    }

    Result<void> ready() override { return {}; }

private:
    keys::KeyManager m_keys;
};

inline constexpr const char* TestToken = "test-token-test-token";

/// A whole admin API over a real store, on loopback TLS.
class AdminApiFixture : public testing::Test {
protected:
    void SetUp() override {
        auto store = local_store::LocalStore::open(m_folder.path() / "store", m_clock,
                                                   [](Object object, bool) { return api::admit(std::move(object)); });
        ASSERT_TRUE(store) << store.error().describe();
        m_store = std::move(*store);
        m_backend = std::make_unique<TestBackend>(*m_store, m_clock);
        m_api = std::make_unique<AdminApi>(*m_store, *m_backend, m_clock, Secret::copyOf(TestToken));
        auto ca = tls::LocalCa::openOrCreate(m_folder.path() / "tls", m_clock);
        ASSERT_TRUE(ca) << ca.error().describe();
        m_caPem = ca->certificatePem();
        auto identity = ca->ensureServer("admin", tls::localHosts());
        ASSERT_TRUE(identity) << identity.error().describe();
        http_server::Options options;
        options.identity = std::move(identity->identity);
        auto server = m_api->serve(std::move(options));
        ASSERT_TRUE(server) << server.error().describe();
        m_server = std::move(*server);
        m_client = std::make_unique<http::ApiClient>(clientOptions());
    }

    void TearDown() override {
        m_client.reset();
        m_server.reset();
        m_api.reset();
        m_backend.reset();
        m_store.reset();
    }

    [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(m_server->port()); }

    [[nodiscard]] http::ClientOptions clientOptions() const {
        http::ClientOptions options;
        options.baseUrl = url();
        options.caPem = m_caPem;
        options.token = Secret::copyOf(TestToken);
        return options;
    }

    [[nodiscard]] static Object model(const std::string& name, const std::string& id = "org/model") {
        auto value = json::parse(R"({"apiVersion": "llm.nebari.dev/v1alpha1", "kind": "LLMModel",
            "metadata": {"name": ")" +
                                 name + R"(", "namespace": "default",
                         "annotations": {"gatehouse.dev/upstream": "http://127.0.0.1:8001"}},
            "spec": {"model": {"name": ")" +
                                 id + R"(", "source": "huggingface"},
                     "resources": {"gpu": {"count": 1, "type": "nvidia"}, "requests": {"cpu": "1", "memory": "1Gi"}},
                     "access": {"groups": ["data-science"]}}})");
        EXPECT_TRUE(value);
        auto object = Object::from(std::move(*value));
        EXPECT_TRUE(object);
        return std::move(*object);
    }

    test::TemporaryFolder m_folder;
    SystemClock m_clock;
    std::string m_caPem;
    std::unique_ptr<local_store::LocalStore> m_store;
    std::unique_ptr<TestBackend> m_backend;
    std::unique_ptr<AdminApi> m_api;
    std::unique_ptr<http_server::HttpServer> m_server;
    std::unique_ptr<http::ApiClient> m_client;
};

} // namespace gatehouse::admin_api
