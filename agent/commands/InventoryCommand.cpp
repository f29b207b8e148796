#include "agent/commands/InventoryCommand.h"

#include "core/crypto/Crypto.h"
#include "core/http/ApiClient.h"
#include "core/inventory/DumpReader.h"
#include "core/inventory/InventoryFormats.h"
#include "core/process/StopSignals.h"
#include "core/session/AgentConnection.h"
#include "core/yaml/Yaml.h"

#include <cstdio>

namespace gatehouse::commands {
namespace {

struct InventoryArguments {
    std::vector<std::string> dumps;
    std::string output = "table";
};

Result<json::Value> fromDumps(const std::vector<std::string>& dumps) {
    const Result<inventory::Snapshot> snapshot = inventory::readDumps(dumps);
    if (!snapshot) {
        return failure(snapshot.error());
    }
    const SystemClock clock;
    return json::Value(
        inventory::collect(*snapshot, inventory::allSources(), RunStamp{crypto::randomUuid(), clock.now()}).toJson());
}

Result<json::Value> fromAgent(const CommonOptions& common, const std::stop_token& stop) {
    Result<session::AgentConnection> connection =
        common.server.empty() ? session::readConnection(common.dataDir.empty() ? session::defaultDataFolder()
                                                                               : std::filesystem::path(common.dataDir))
                              : session::readConnection(common.server, common.tokenFile, common.caFile);
    if (!connection) {
        return failure(because("there is no dump (-f) and no agent to ask", connection.error()));
    }
    http::ClientOptions options;
    options.baseUrl = connection->server;
    options.caPem = connection->caPem;
    options.token = std::move(connection->token);
    http::ApiClient client(std::move(options));
    return client.document("inventory", stop);
}

std::string inventoryText(const json::Value& inventory, const std::string& output) {
    if (output == "json") {
        return json::pretty(inventory);
    }
    return output == "yaml"  ? yaml::write(inventory)
           : output == "csv" ? inventory::toCsv(inventory)
           : output == "md"  ? inventory::toMarkdown(inventory)
                             : inventory::toTable(inventory);
}

Result<ExitCode> runInventory(const InventoryArguments& arguments, const CommonOptions& common) {
    const process::StopSignals signals;
    const Result<json::Value> inventory =
        arguments.dumps.empty() ? fromAgent(common, signals.token()) : fromDumps(arguments.dumps);
    if (!inventory) {
        return failure(inventory.error());
    }
    const std::string text = inventoryText(*inventory, arguments.output);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
        return failure(ErrorKind::Storage, "the inventory could not be written to stdout");
    }
    return inventory::hasHighFinding(*inventory) ? ExitCode::Findings : ExitCode::Holds;
}

void defineInventory(CLI::App& app, const CommonOptions& common, const Bind& bind) {
    const auto arguments = std::make_shared<InventoryArguments>();
    app.add_option("-f,--file", arguments->dumps,
                   "Dump of objects: kubectl get -o yaml or json, or a YAML stream; may be repeated");
    app.add_option("-o,--output", arguments->output, "Form of the inventory")
        ->check(CLI::IsMember({"json", "yaml", "table", "csv", "md"}))
        ->capture_default_str();
    app.footer("Exit codes: 0 no finding of severity high, 1 could not run, 3 findings of severity high.");
    bind(app, [arguments, &common] { return runInventory(*arguments, common); });
}

} // namespace

Command inventoryCommand() {
    return {"inventory", "Lists every model endpoint, what guards it, and what was not looked at", &defineInventory};
}

} // namespace gatehouse::commands
