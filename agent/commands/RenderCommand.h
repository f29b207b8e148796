#pragma once

#include "agent/commands/Command.h"

namespace gatehouse::commands {

/// `render` (contracts.md §3): the Kubernetes objects that models stand for, without a cluster.
[[nodiscard]] Command renderCommand();

} // namespace gatehouse::commands
