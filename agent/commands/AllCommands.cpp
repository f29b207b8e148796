#include "agent/commands/Command.h"

namespace gatehouse::commands {

const std::vector<Command>& allCommands() {
    static const std::vector<Command> all{};
    return all;
}

} // namespace gatehouse::commands
