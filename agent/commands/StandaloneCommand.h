#pragma once

#include "agent/commands/Command.h"

namespace gatehouse::commands {

/// `standalone`: the agent of one host, until SIGTERM or SIGINT.
[[nodiscard]] Command standaloneCommand();

} // namespace gatehouse::commands
