#pragma once

#include "agent/commands/Command.h"

namespace gatehouse::commands {

/// `gatehouse-agent inventory`: contracts.md §4. From dumps (-f), else from a running agent.
[[nodiscard]] Command inventoryCommand();

} // namespace gatehouse::commands
