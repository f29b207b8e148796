#include "agent/commands/ApplyCommand.h"
#include "agent/commands/Command.h"
#include "agent/commands/EvidenceCommand.h"
#include "agent/commands/GetCommand.h"
#include "agent/commands/InventoryCommand.h"
#include "agent/commands/KeysCommand.h"
#include "agent/commands/ProbeCommand.h"
#include "agent/commands/RenderCommand.h"
#include "agent/commands/StandaloneCommand.h"

namespace gatehouse::commands {

const std::vector<Command>& allCommands() {
    // clang-format off: one a line, so that two additions do not collide
    static const std::vector<Command> all{
        applyCommand(), deleteCommand(), evidenceCommand(), getCommand(),        inventoryCommand(),
        keysCommand(),  probeCommand(),  renderCommand(),   standaloneCommand(),
    };
    // clang-format on
    return all;
}

} // namespace gatehouse::commands
