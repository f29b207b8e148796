#pragma once

#include "agent/commands/Command.h"

namespace gatehouse::commands {

/// `get KIND [NAME…] [-o table|json|yaml|csv|md]`
[[nodiscard]] Command getCommand();
/// `delete KIND NAME…` or `delete -f FILE…`
[[nodiscard]] Command deleteCommand();

} // namespace gatehouse::commands
