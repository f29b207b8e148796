#pragma once

namespace gatehouse::commands {

/// Parses the command line, runs the command, returns the exit code. Hardens the process first.
int runCli(int argc, char** argv);

} // namespace gatehouse::commands
