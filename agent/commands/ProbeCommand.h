#pragma once

#include "agent/commands/Command.h"

namespace gatehouse::commands {

/// `gatehouse-agent probe`: contracts.md §5.
[[nodiscard]] Command probeCommand();

} // namespace gatehouse::commands
