#include "agent/commands/Connect.h"

#include "core/session/AgentConnection.h"

namespace gatehouse::commands {

Result<std::unique_ptr<http::ApiClient>> connectToAgent(const CommonOptions& common) {
    if (!common.server.empty() && common.tokenFile.empty()) {
        return failure(ErrorKind::BadRequest, "--server needs --token-file", "give the agent's token file");
    }
    if (common.server.empty() && (!common.tokenFile.empty() || !common.caFile.empty())) {
        return failure(ErrorKind::BadRequest, "--token-file and --ca need --server", "give the agent's URL");
    }
    const std::filesystem::path folder =
        common.dataDir.empty() ? session::defaultDataFolder() : std::filesystem::path(common.dataDir);
    auto found = common.server.empty() ? session::readConnection(folder)
                                       : session::readConnection(common.server, common.tokenFile, common.caFile);
    if (!found) {
        return failure(std::move(found.error()));
    }
    http::ClientOptions options;
    options.baseUrl = std::move(found->server);
    options.caPem = std::move(found->caPem);
    options.token = std::move(found->token);
    options.unreachableHint = "is the agent running? start it with `gatehouse-agent standalone" +
                              (common.server.empty() ? " --data " + folder.string() : std::string()) + "`";
    return std::make_unique<http::ApiClient>(std::move(options));
}

} // namespace gatehouse::commands
