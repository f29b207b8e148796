#pragma once

#include "agent/commands/Command.h"

namespace gatehouse::commands {

/// `keys mint|list|revoke|rotate` (contracts.md §7).
[[nodiscard]] Command keysCommand();

} // namespace gatehouse::commands
