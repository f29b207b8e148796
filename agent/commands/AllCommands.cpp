#include "agent/commands/Command.h"
#include "agent/commands/EvidenceCommand.h"
#include "agent/commands/InventoryCommand.h"
#include "agent/commands/ProbeCommand.h"
#include "agent/commands/RenderCommand.h"

namespace gatehouse::commands {

const std::vector<Command>& allCommands() {
    static const std::vector<Command> all{
        evidenceCommand(),
        inventoryCommand(),
        probeCommand(),
        renderCommand(),
    };
    return all;
}

} // namespace gatehouse::commands
