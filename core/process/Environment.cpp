#include "core/process/Environment.h"

#include <cstdlib>

namespace gatehouse::process {

std::map<std::string, std::string> plainEnvironment() {
    std::map<std::string, std::string> out;
    for (const char* name : {"PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ"}) {
        if (const char* value = std::getenv(name)) {
            out[name] = value;
        }
    }
    return out;
}

} // namespace gatehouse::process
