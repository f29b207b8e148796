#include "agent/commands/Command.h"
#include "agent/commands/RenderCommand.h"

namespace gatehouse::commands {

const std::vector<Command>& allCommands() {
    static const std::vector<Command> all{
        renderCommand(),
    };
    return all;
}

} // namespace gatehouse::commands
