#include "core/session/AgentConnection.h"

#include "core/files/Files.h"
#include "core/json/Json.h"

#include <cstdlib>

namespace gatehouse::session {
namespace {

namespace fs = std::filesystem;

Result<void> checkServer(const std::string& server) {
    const bool https = server.starts_with("https://");
    const bool loopback = server.starts_with("http://127.0.0.1:") || server.starts_with("http://[::1]:") ||
                          server.starts_with("http://localhost:");
    if (!https && !loopback) {
        return failure(ErrorKind::BadRequest, "The agent's address \"" + server + "\" is not an https URL",
                       "give it as https://HOST:PORT; a token is never sent in clear over a network");
    }
    return {};
}

std::string withoutTrailingSlash(std::string text) {
    while (text.ends_with('/')) {
        text.pop_back();
    }
    return text;
}

fs::path under(const fs::path& folder, const std::string& file) {
    const fs::path path(file);
    return path.is_absolute() ? path : folder / path;
}

} // namespace

Result<void> writeAgentFile(const fs::path& dataFolder, const AgentFile& file) {
    const json::Object content{{"server", file.server}, {"caFile", file.caFile}, {"tokenFile", file.tokenFile}};
    return files::writeAtomically(dataFolder / AgentFileName, json::pretty(content), 0600);
}

Result<AgentConnection> readConnection(const fs::path& dataFolder) {
    const fs::path path = dataFolder / AgentFileName;
    auto text = files::read(path, 64U << 10);
    if (!text) {
        if (text.error().kind == ErrorKind::NotFound) {
            return failure(ErrorKind::NotFound, "No agent has run with the data folder " + dataFolder.string(),
                           "start one with `gatehouse-agent standalone --data " + dataFolder.string() +
                               "`, or name another folder with --data");
        }
        return failure(std::move(text.error()));
    }
    auto value = json::parse(*text);
    if (!value) {
        return failure(because("The file " + path.string() + " is not readable as JSON", std::move(value.error())));
    }
    const std::string caFile = json::text(*value, "caFile");
    const std::string tokenFile = json::text(*value, "tokenFile");
    if (caFile.empty() || tokenFile.empty()) {
        return failure(ErrorKind::BadRequest, "The file " + path.string() + " lacks caFile or tokenFile",
                       "restart the agent: it writes the file anew");
    }
    return readConnection(json::text(*value, "server"), under(dataFolder, tokenFile), under(dataFolder, caFile));
}

Result<AgentConnection> readConnection(const std::string& server, const fs::path& tokenFile, const fs::path& caFile) {
    if (auto good = checkServer(server); !good) {
        return failure(std::move(good.error()));
    }
    AgentConnection connection;
    connection.server = withoutTrailingSlash(server);
    if (!caFile.empty()) {
        auto ca = files::read(caFile, 1U << 20);
        if (!ca) {
            return failure(because("The agent's CA cannot be read", std::move(ca.error())));
        }
        connection.caPem = std::move(*ca);
    }
    auto token = files::readSecret(tokenFile);
    if (!token) {
        return failure(because("The agent's token cannot be read", std::move(token.error())));
    }
    if (token->empty()) {
        return failure(ErrorKind::Unauthenticated, "The token file " + tokenFile.string() + " is empty",
                       "restart the agent: it writes a new token");
    }
    connection.token = std::move(*token);
    return connection;
}

fs::path defaultDataFolder() {
    if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/') {
        return fs::path(data) / "gatehouse";
    }
    const char* home = std::getenv("HOME");
    return fs::path(home != nullptr ? home : "/") / ".local" / "share" / "gatehouse";
}

} // namespace gatehouse::session
