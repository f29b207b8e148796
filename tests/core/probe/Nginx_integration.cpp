#include "core/files/Files.h"
#include "core/process/ChildProcess.h"
#include "core/process/Environment.h"
#include "core/tls/LocalCa.h"
#include "tests/core/probe/ProberFixture.h"
#include "tests/support/TemporaryFolder.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::probe;
using namespace gatehouse::test;

namespace {

int freePort() {
    const int probe = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        close(probe);
        return 0;
    }
    getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
    close(probe);
    return ntohs(address.sin_port);
}

bool answers(int port) {
    for (int i = 0; i < 100; ++i) {
        const int client = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        const bool open = connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        close(client);
        if (open) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
}

std::string nginxProgram() {
    for (const char* path : {"/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"}) {
        if (access(path, X_OK) == 0) {
            return path;
        }
    }
    return {};
}

/// A real nginx with TLS that guards /v1/ by a rule, answers /health itself, and has no other route.
class Nginx {
public:
    /// `guard`: lines inside each location that must refuse.
    Nginx(const std::string& guard, const tls::IdentityFiles& identity, int upstream) : m_port(freePort()) {
        const std::string folder = m_folder.path().string();
        const std::string location =
            " {\n" + guard + "      proxy_pass http://127.0.0.1:" + std::to_string(upstream) + ";\n    }\n";
        const std::string text =
            "daemon off;\nmaster_process off;\npid " + folder + "/pid;\nerror_log " + folder +
            "/error.log;\nevents { worker_connections 256; }\nhttp {\n  access_log off;\n  client_body_temp_path " +
            folder + "/b;\n  proxy_temp_path " + folder + "/p;\n  fastcgi_temp_path " + folder +
            "/f;\n  uwsgi_temp_path " + folder + "/u;\n  scgi_temp_path " + folder +
            "/s;\n  server {\n    listen 127.0.0.1:" + std::to_string(m_port) + " ssl;\n    ssl_certificate " +
            identity.certificateFile.string() + ";\n    ssl_certificate_key " + identity.keyFile.string() +
            ";\n    location /v1/" + location + "    location = /health { return 200 'ok'; }\n  }\n}\n";
        EXPECT_TRUE(files::writeAtomically(m_folder / "nginx.conf", text, 0600));
        process::ChildOptions options;
        options.program = nginxProgram();
        options.arguments = {"-c", folder + "/nginx.conf", "-p", folder, "-e", folder + "/start.log"};
        options.environment = process::plainEnvironment();
        options.logFile = m_folder / "out.log";
        auto started = process::ChildProcess::start(options);
        if (started) {
            m_child.emplace(std::move(*started));
        }
    }

    [[nodiscard]] bool isUp() const { return m_child && answers(m_port); }

    [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(m_port); }

private:
    TemporaryFolder m_folder;
    int m_port;
    std::optional<process::ChildProcess> m_child;
};

class ProberOnNginx : public testing::Test {
protected:
    void SetUp() override {
        if (nginxProgram().empty()) {
            GTEST_SKIP() << "nginx is not installed (Debian package nginx)";
        }
        auto ca = tls::LocalCa::openOrCreate(m_folder / "ca", m_clock);
        ASSERT_TRUE(ca) << ca.error().describe();
        auto identity = ca->ensureServer("nginx", {"127.0.0.1"});
        ASSERT_TRUE(identity);
        m_identity.emplace(std::move(*identity));
        m_caPem = ca->certificatePem();
    }

    ProbeReport probeGuardedBy(const std::string& guard, std::vector<OpenRoute> open = {}) {
        ScriptedServer engine([](const ScriptedServer::Request& request) {
            const bool chat = request.path == "/v1/chat/completions" && request.method == "POST";
            return ScriptedServer::Reply{
                chat ? ScriptedServer::answer(200, R"({"choices":[]})")
                     : ScriptedServer::answer(404, R"({"detail":"Not Found"})", {"server: uvicorn"})};
        });
        Nginx nginx(guard, *m_identity, engine.port());
        EXPECT_TRUE(nginx.isUp());
        ProbeTarget target = targetFor(nginx.url(), m_keys);
        target.tls.caPem = m_caPem;
        target.openRoutes = std::move(open);
        ProbeOptions options = quickOptions();
        options.exchangeTimeout = std::chrono::seconds(5);
        return probeOne(std::move(target), options);
    }

    Keys m_keys;
    SystemClock m_clock;
    TemporaryFolder m_folder;
    std::optional<tls::IdentityFiles> m_identity;
    std::string m_caPem;
};

} // namespace

TEST_F(ProberOnNginx, AnAuthRuleDenies) {
    const ProbeReport report =
        probeGuardedBy("      if ($http_authorization != \"Bearer " + m_keys.good + "\") { return 401; }\n",
                       {{"GET /health", "load balancer", "platform", "", m_clock.now() + std::chrono::hours(1)}});
    const EndpointReport& endpoint = report.endpoints.at(0);
    EXPECT_EQ(endpoint.conclusion, Conclusion::Denies) << toTable(report);
    EXPECT_EQ(verdictsOf(report), (std::set<std::string>{"DENIED", "ABSENT", "PUBLIC"}));
    for (const CheckResult& check : endpoint.checks) {
        if (check.verdict == Verdict::Denied) {
            EXPECT_EQ(check.deniedByWhat, "nginx-authorization-required");
            EXPECT_EQ(check.deniedBy, DeniedBy::Gateway);
        }
    }
    EXPECT_EQ(allText(report).find(m_keys.good), std::string::npos);
}

TEST_F(ProberOnNginx, ARuleThatForgetsTheSchemeIsFound) {
    // The classic: a regular expression that is not anchored takes the key with anything behind it.
    const ProbeReport report =
        probeGuardedBy("      if ($http_authorization !~ \"" + m_keys.good + "\") { return 401; }\n");
    EXPECT_EQ(report.endpoints.at(0).conclusion, Conclusion::Reached);
    EXPECT_TRUE(hasFinding(report, "reached-with-malformed-credential"));
    EXPECT_FALSE(hasFinding(report, "reached-with-wrong-key"));
    EXPECT_FALSE(hasFinding(report, "reached-without-credential"));
}

TEST_F(ProberOnNginx, A403ByAnAddressRuleIsNoProofOfAuthentication) {
    const ProbeReport report = probeGuardedBy("      deny all;\n");
    EXPECT_EQ(report.endpoints.at(0).conclusion, Conclusion::Reached) << "GET /health is open and undeclared";
    for (const CheckResult& check : report.endpoints.at(0).checks) {
        EXPECT_NE(check.verdict, Verdict::Denied) << check.route;
    }
}

TEST_F(ProberOnNginx, WithoutARuleEverythingBelowV1IsReached) {
    const ProbeReport report = probeGuardedBy("");
    EXPECT_EQ(report.endpoints.at(0).conclusion, Conclusion::Reached);
    EXPECT_TRUE(hasFinding(report, "reached-without-credential"));
    EXPECT_TRUE(hasFinding(report, "reached-with-foreign-key"));
}
