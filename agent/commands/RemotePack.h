#pragma once

#include "agent/commands/Command.h"

#include <filesystem>

namespace gatehouse::commands {

/// Has the running agent make a pack, waits for it, fetches it to `out` (a folder, or a name that ends in ".zip") and,
/// where the agent's public key is at hand (--data), verifies what came.
[[nodiscard]] Result<ExitCode> exportFromAgent(const std::filesystem::path& out, double leastCoverage,
                                               const CommonOptions& common);

/// AlreadyExists when a pack cannot be written there.
[[nodiscard]] Result<void> targetIsFree(const std::filesystem::path& out);

} // namespace gatehouse::commands
