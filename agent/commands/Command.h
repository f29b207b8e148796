#pragma once

#include "core/result/Result.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::commands {

/// Exit codes of contracts.md §2.
enum class ExitCode { Holds = 0, CouldNotRun = 1, Usage = 2, Findings = 3, Coverage = 4, Stale = 5 };

/// Options every command has.
struct CommonOptions {
    std::string logFormat = "text";
    std::string logLevel = "info";
    std::string server;    ///< --server URL of a running agent
    std::string tokenFile; ///< --token-file
    std::string caFile;    ///< --ca
    std::string dataDir;   ///< --data DIR of a standalone agent: server, token and CA are read from there
};

/// What a command does once its options are parsed. An error becomes one sentence on stderr and exit code 1.
using Action = std::function<Result<ExitCode>()>;
/// Binds an action to a (sub)command: it runs after the whole command line was accepted.
using Bind = std::function<void(CLI::App& app, Action action)>;

/// One subcommand. `define` adds options (or subcommands of its own) to its CLI11 app and binds its action; the common
/// options may stand anywhere on the line. To add one: a pair of files in agent/commands/ and a line in
/// AllCommands.cpp.
struct Command {
    const char* name;
    const char* summary;
    void (*define)(CLI::App& app, const CommonOptions& common, const Bind& bind);
};

[[nodiscard]] const std::vector<Command>& allCommands();

} // namespace gatehouse::commands
