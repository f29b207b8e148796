#include "agent/commands/Command.h"
#include "agent/commands/StandaloneCommand.h"

namespace gatehouse::commands {

const std::vector<Command>& allCommands() {
    static const std::vector<Command> all{
        {"standalone", "Runs the agent of one host: gateway, keys, probes and evidence, without a cluster",
         defineStandalone},
    };
    return all;
}

} // namespace gatehouse::commands
