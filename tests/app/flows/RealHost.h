#pragma once

#include "core/http/HttpClient.h"
#include "core/object_store/Object.h"
#include "core/process/ChildProcess.h"
#include "core/session/AgentConnection.h"
#include "tests/support/TemporaryFolder.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::testing {

/// One host under test: the real agent with Envoy, and two stand-in model servers ("org/a", "org/b") behind it.
class RealHost {
public:
    /// Why this machine cannot run it; empty if it can.
    [[nodiscard]] static std::string missing();

    RealHost();

    /// Starts the agent and waits until its gateway runs.
    [[nodiscard]] bool start();
    void killAgent();

    /// The LLMModel `name` of a stand-in, as JSON (which is YAML).
    [[nodiscard]] json::Object model(const std::string& name, const std::string& modelId) const;

    /// The Secret that opens the stand-ins; model() names it.
    [[nodiscard]] json::Object upstreamSecret() const;

    [[nodiscard]] Result<session::AgentConnection> connection() const;

    /// Status of a chat request at the gateway; 0 if there was no answer.
    [[nodiscard]] int ask(const std::string& key, const std::string& modelId) const;

    [[nodiscard]] std::filesystem::path data() const { return m_folder / "d"; }

    [[nodiscard]] std::string upstream(const std::string& modelId) const;

private:
    [[nodiscard]] bool running() const;

    test::TemporaryFolder m_folder;
    int m_port = 0; ///< of the gateway; the admin API and the stand-ins follow
    std::string m_upstreamKey;
    std::vector<process::ChildProcess> m_standIns;
    std::optional<process::ChildProcess> m_agent;
};

} // namespace gatehouse::testing
