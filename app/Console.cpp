#include "app/Console.h"

namespace gatehouse {

int runConsole(int, char**) {
    return 1;
}

} // namespace gatehouse
