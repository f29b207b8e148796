#include "agent/commands/Cli.h"

#include "agent/commands/Command.h"
#include "core/logging/Log.h"
#include "core/process/Harden.h"

#include <cstdio>
#include <exception>
#include <utility>

namespace gatehouse::commands {
namespace {

int report(const Error& error) {
    std::fprintf(stderr, "gatehouse-agent: %s\n", error.describe().c_str());
    return static_cast<int>(ExitCode::CouldNotRun);
}

log::Level levelNamed(const std::string& name) {
    return name == "debug"     ? log::Level::Debug
           : name == "warning" ? log::Level::Warning
           : name == "error"   ? log::Level::Error
                               : log::Level::Info;
}

void addCommonOptions(CLI::App& app, CommonOptions& common) {
    app.add_option("--log-format", common.logFormat, "Form of the log lines on stderr")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    app.add_option("--log-level", common.logLevel, "Least level to log")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
        ->capture_default_str();
    app.add_option("--server", common.server, "URL of a running agent's admin API");
    app.add_option("--token-file", common.tokenFile, "File with the bearer token for --server (mode 0600)");
    app.add_option("--ca", common.caFile, "CA certificate that --server's certificate must chain to");
    app.add_option("--data", common.dataDir,
                   "Data folder of a standalone agent on this host; stands for the three options above");
}

} // namespace

int runCli(int argc, char** argv) {
    process::harden();
    CLI::App app{"Serves, guards and proves model endpoints. Each command has its own --help.", "gatehouse-agent"};
    app.set_version_flag("--version", std::string("gatehouse-agent ") + GATEHOUSE_VERSION);
    app.require_subcommand(1);
    CommonOptions common;
    Action chosen;
    const Bind bind = [&chosen](CLI::App& target, Action action) {
        target.callback([&chosen, action = std::move(action)] { chosen = action; });
    };
    for (const Command& command : allCommands()) {
        CLI::App* sub = app.add_subcommand(command.name, command.summary);
        sub->fallthrough();
        addCommonOptions(*sub, common);
        command.define(*sub, common, bind);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::Usage);
    }
    if (!chosen) {
        std::fprintf(stderr, "gatehouse-agent: a subcommand is missing; see --help\n");
        return static_cast<int>(ExitCode::Usage);
    }
    log::configure(common.logFormat == "json" ? log::Format::Json : log::Format::Text, levelNamed(common.logLevel));
    try {
        const Result<ExitCode> result = chosen();
        return result ? static_cast<int>(*result) : report(result.error());
    } catch (const std::exception& error) {
        return report(makeError(ErrorKind::Internal, std::string("unexpected failure: ") + error.what(),
                                "please report this as a bug"));
    }
}

} // namespace gatehouse::commands
