#include "tests/app/flows/RealHost.h"

#include "app/session/HttpAgentClient.h"
#include "core/crypto/Crypto.h"
#include "core/files/Files.h"
#include "core/process/Environment.h"

#include <QHostAddress>
#include <QStandardPaths>
#include <QTcpServer>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

namespace gatehouse::testing {
namespace {

std::string envoy() {
    const char* named = std::getenv("GATEHOUSE_ENVOY");
    return named != nullptr ? named : QStandardPaths::findExecutable(QStringLiteral("envoy")).toStdString();
}

std::string python() {
    return QStandardPaths::findExecutable(QStringLiteral("python3")).toStdString();
}

bool isFree(int port) {
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost, static_cast<quint16>(port));
}

/// Four neighbouring free ports, the first of which is returned.
int freePorts() {
    for (int first = 23000 + static_cast<int>(::getpid() % 3000) * 8; first < 60000; first += 8) {
        if (isFree(first) && isFree(first + 1) && isFree(first + 2) && isFree(first + 3)) {
            return first;
        }
    }
    std::abort();
}

process::ChildOptions program(const std::string& path, std::vector<std::string> arguments) {
    process::ChildOptions options;
    options.program = path;
    options.arguments = std::move(arguments);
    options.environment = process::plainEnvironment();
    return options;
}

const std::filesystem::path Agent = std::filesystem::path(GATEHOUSE_BINARY_DIR) / "bin/gatehouse-agent";

} // namespace

std::string RealHost::missing() {
    if (envoy().empty() || !std::filesystem::exists(envoy())) {
        return "no Envoy: set GATEHOUSE_ENVOY or put envoy on PATH";
    }
    if (python().empty()) {
        return "no python3 for the stand-in model servers";
    }
    return std::filesystem::exists(Agent) ? std::string() : Agent.string() + " is not built";
}

RealHost::RealHost() : m_port(freePorts()), m_upstreamKey(crypto::randomUuid()) {
    (void)files::writeSecret(m_folder / "upstream-key", Secret::copyOf(m_upstreamKey));
    int port = m_port + 2;
    for (const char* id : {"org/a", "org/b"}) {
        auto child = process::ChildProcess::start(program(
            python(), {std::string(GATEHOUSE_SOURCE_DIR) + "/packaging/demo/model_server.py", "--port",
                       std::to_string(port++), "--model", id, "--api-key-file", (m_folder / "upstream-key").string()}));
        if (child) {
            m_standIns.push_back(std::move(*child));
        }
    }
}

bool RealHost::start() {
    auto options = program(Agent.string(), {"standalone", "--data", data().string(), "--port", std::to_string(m_port),
                                            "--envoy", envoy()});
    options.logFile = m_folder / "agent.log";
    auto child = process::ChildProcess::start(options);
    if (!child) {
        std::cerr << child.error().describe() << '\n';
        return false;
    }
    m_agent = std::move(*child);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < until && !m_agent->wait(std::chrono::milliseconds(100))) {
        if (running()) {
            return true;
        }
    }
    if (const auto log = files::read(m_folder / "agent.log")) {
        std::cerr << "the agent did not come up; its log:\n" << *log << '\n';
    }
    return false;
}

bool RealHost::running() const {
    auto found = connection();
    if (!found) {
        return false;
    }
    session::HttpAgentClient client(std::move(*found));
    const auto installation = client.getJson("installation", {});
    return installation && json::text(*installation, "gateway.state") == "Running";
}

void RealHost::killAgent() {
    m_agent->stop(std::chrono::milliseconds(0));
    m_agent.reset();
}

std::string RealHost::upstream(const std::string& modelId) const {
    return "http://127.0.0.1:" + std::to_string(m_port + (modelId == "org/a" ? 2 : 3));
}

json::Object RealHost::model(const std::string& name, const std::string& modelId) const {
    return {{"apiVersion", "llm.nebari.dev/v1alpha1"},
            {"kind", "LLMModel"},
            {"metadata", json::Object{{"name", name},
                                      {"namespace", "default"},
                                      {"annotations", json::Object{{"gatehouse.dev/upstream", upstream(modelId)},
                                                                   {"gatehouse.dev/upstream-secret", "upstream"}}}}},
            {"spec", json::Object{{"model", json::Object{{"name", modelId}, {"source", "huggingface"}}},
                                  {"resources", json::Object{{"gpu", json::Object{{"count", 0}, {"type", "nvidia"}}}}},
                                  {"access", json::Object{{"groups", json::Array{"llm"}}}}}}};
}

json::Object RealHost::upstreamSecret() const {
    return {{"apiVersion", "v1"},
            {"kind", "Secret"},
            {"metadata", json::Object{{"name", "upstream"}, {"namespace", "default"}}},
            {"stringData", json::Object{{"apiKey", m_upstreamKey}}}};
}

Result<session::AgentConnection> RealHost::connection() const {
    return session::readConnection(data());
}

int RealHost::ask(const std::string& key, const std::string& modelId) const {
    http::ClientOptions options;
    options.baseUrl = "https://127.0.0.1:" + std::to_string(m_port);
    if (auto ca = files::read(data() / "tls/ca.crt")) {
        options.caPem = std::move(*ca);
    }
    options.token = Secret::copyOf(key);
    http::HttpClient client(std::move(options));
    http::Request request;
    request.method = "POST";
    request.target = "/v1/chat/completions";
    request.headers.set("Content-Type", "application/json");
    request.body = json::compact(json::Object{
        {"model", modelId}, {"messages", json::Array{json::Object{{"role", "user"}, {"content", "hello"}}}}});
    const auto answer = client.send(request);
    return answer ? answer->status : 0;
}

} // namespace gatehouse::testing
