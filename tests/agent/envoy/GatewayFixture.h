#pragma once

#include "agent/envoy/Gateway.h"
#include "core/crypto/Crypto.h"
#include "core/files/Files.h"
#include "core/http/HttpClient.h"
#include "core/tls/LocalCa.h"
#include "tests/agent/envoy/RecordingUpstream.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

namespace gatehouse::test {

inline constexpr const char* KeyA = "sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
inline constexpr const char* KeyB = "sk-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
inline constexpr const char* ModelA = "org/a";
inline constexpr const char* ModelB = "org/b";

/// A port that is free now.
inline std::uint16_t freePort() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(probe, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(probe);
    return ntohs(address.sin_port);
}

/// Two models behind the real Envoy, one key each. Tests are skipped where there is no Envoy.
class GatewayFixture : public testing::Test {
protected:
    void SetUp() override {
        auto envoy = envoy::locateEnvoy("", folder.path());
        if (!envoy) {
            GTEST_SKIP() << envoy.error().describe();
        }
        auto ca = tls::LocalCa::openOrCreate(folder / "pki", clock);
        ASSERT_TRUE(ca) << ca.error().describe();
        caPem = ca->certificatePem();
        auto files = ca->ensureServer("gateway", tls::localHosts());
        ASSERT_TRUE(files) << files.error().describe();
        settings.paths.data = folder.path();
        settings.port = freePort();
        settings.certificate = files->certificateFile;
        settings.privateKey = files->keyFile;
        adjust(settings);
        gateway = makeGateway(*envoy);
        gateway->setKeys(bothKeys());
        const auto started = gateway->start(plan(), {});
        ASSERT_TRUE(started) << started.error().describe() << "\n" << processLog();
    }

    /// A test class may change the settings before the start.
    virtual void adjust(envoy::EnvoySettings&) {}

    std::unique_ptr<envoy::Gateway> makeGateway(const envoy::FoundEnvoy& envoy) {
        return std::make_unique<envoy::Gateway>(
            envoy, settings, caPem,
            [this](const std::string&, const std::string& name) -> Result<Secret> {
                const auto found = credentials.find(name);
                if (found == credentials.end()) {
                    return failure(ErrorKind::NotFound, "there is no Secret " + name);
                }
                return Secret::copyOf(found->second);
            },
            clock);
    }

    static serving_plan::PlannedModel model(const std::string& name, const std::string& id, std::uint16_t port) {
        serving_plan::PlannedModel out;
        out.nameSpace = "default";
        out.name = name;
        out.upstream = serving_plan::Upstream{"http", "127.0.0.1", port, "", "", true};
        serving_plan::PlannedRoute route;
        route.modelIds = {id};
        out.routes = {route};
        return out;
    }

    [[nodiscard]] serving_plan::ServingPlan plan() const {
        serving_plan::ServingPlan out;
        out.models = {model("chat-a", ModelA, upstreamA.port()), model("chat-b", ModelB, upstreamB.port())};
        return out;
    }

    static std::pair<crypto::Sha256, keys::KeyEntry> entry(const char* key, const std::string& model) {
        return {crypto::sha256(key),
                {"client-of-" + model, "owner", "tenant-of-" + model, "default", model, std::nullopt}};
    }

    static std::shared_ptr<const keys::KeyTable> bothKeys() {
        return std::make_shared<const keys::KeyTable>(
            keys::KeyTable().with({entry(KeyA, "chat-a"), entry(KeyB, "chat-b")}));
    }

    static std::shared_ptr<const keys::KeyTable> onlyKeyB() {
        return std::make_shared<const keys::KeyTable>(keys::KeyTable().with({entry(KeyB, "chat-b")}));
    }

    [[nodiscard]] http::ClientOptions clientOptions(const std::string& key) const {
        http::ClientOptions options;
        options.baseUrl = gateway->url();
        options.caPem = caPem;
        if (!key.empty()) {
            options.token = Secret::copyOf(key);
        }
        options.headerTimeout = std::chrono::seconds(20);
        return options;
    }

    static http::Request chat(const std::string& modelId, const std::string& more = "") {
        http::Request request;
        request.method = "POST";
        request.target = "/v1/chat/completions";
        request.headers.add("Content-Type", "application/json");
        request.body = R"({"model":")" + modelId + R"(","messages":[])" + more + "}";
        return request;
    }

    [[nodiscard]] http::Response send(const std::string& key, const http::Request& request) const {
        auto answer = http::HttpClient(clientOptions(key)).send(request);
        EXPECT_TRUE(answer) << answer.error().describe();
        return answer ? *answer : http::Response{.status = 0, .headers = {}, .body = {}};
    }

    [[nodiscard]] std::string processLog() const {
        return files::read(settings.paths.processLog()).value_or("(no log)");
    }

    /// The access-log line of a request, waited for.
    [[nodiscard]] json::Value logLine(const std::string& requestId) const {
        for (int i = 0; i < 100; ++i) {
            const std::string text = files::read(settings.paths.accessLog(), 256U << 20).value_or("");
            const std::size_t at = text.find("\"" + requestId + "\"");
            if (at != std::string::npos && text.find('\n', at) != std::string::npos) {
                const std::size_t begin = text.rfind('\n', at) + 1;
                return json::parse(text.substr(begin, text.find('\n', at) - begin)).value();
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        ADD_FAILURE() << "no access-log line for " << requestId;
        return nullptr;
    }

    SystemClock clock;
    TemporaryFolder folder;
    RecordingUpstream upstreamA;
    RecordingUpstream upstreamB;
    std::map<std::string, std::string> credentials;
    envoy::EnvoySettings settings;
    std::string caPem;
    std::unique_ptr<envoy::Gateway> gateway;
};

} // namespace gatehouse::test
