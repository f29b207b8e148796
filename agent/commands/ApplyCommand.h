#pragma once

#include "agent/commands/Command.h"

namespace gatehouse::commands {

/// `apply -f FILE… [--dry-run]`: everything is read and checked, here and by the agent, before the first write.
[[nodiscard]] Command applyCommand();

} // namespace gatehouse::commands
