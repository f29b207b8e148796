#pragma once

#include "agent/commands/Command.h"

namespace gatehouse::commands {

/// `evidence export|verify|diff` (contracts.md §6).
[[nodiscard]] Command evidenceCommand();

} // namespace gatehouse::commands
