#include "agent/commands/Cli.h"

int main(int argc, char** argv) {
    return gatehouse::commands::runCli(argc, argv);
}
