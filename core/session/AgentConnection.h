#pragma once

#include "core/result/Result.h"
#include "core/secrets/Secret.h"

#include <filesystem>
#include <string>

namespace gatehouse::session {

/// Where a running agent is and what is needed to talk to it. Move-only, because of the token.
struct AgentConnection {
    std::string server; ///< "https://127.0.0.1:8444", without a trailing slash
    std::string caPem;  ///< what the agent's certificate must chain to
    Secret token;
};

/// What a standalone agent writes into its data folder as `agent.json` (mode 0600, atomically, once it listens):
/// `{"server": URL, "caFile": FILE, "tokenFile": FILE}`. Files may be relative to the folder.
struct AgentFile {
    std::string server;
    std::string caFile;
    std::string tokenFile;
};

inline constexpr const char* AgentFileName = "agent.json";

[[nodiscard]] Result<void> writeAgentFile(const std::filesystem::path& dataFolder, const AgentFile& file);

/// Reads `agent.json` of a data folder and the files it names. NotFound when no agent has run there; Storage when the
/// token file may be read by others.
[[nodiscard]] Result<AgentConnection> readConnection(const std::filesystem::path& dataFolder);

/// From `--server URL --token-file FILE --ca FILE`. Only https, or http to the loopback, is accepted.
[[nodiscard]] Result<AgentConnection> readConnection(const std::string& server, const std::filesystem::path& tokenFile,
                                                     const std::filesystem::path& caFile);

/// `$XDG_DATA_HOME/gatehouse`, or `~/.local/share/gatehouse`.
[[nodiscard]] std::filesystem::path defaultDataFolder();

} // namespace gatehouse::session
