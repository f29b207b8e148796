#pragma once

#include <map>
#include <string>

namespace gatehouse::process {

/// PATH, HOME, TMPDIR, LANG and the time zone of this process: what a program needs, without the secrets that an
/// environment may hold.
[[nodiscard]] std::map<std::string, std::string> plainEnvironment();

} // namespace gatehouse::process
