#pragma once

namespace gatehouse {

/// The console's composition root: parses options, builds session, jobs, pages and main window, runs the event loop.
int runConsole(int argc, char** argv);

} // namespace gatehouse
