#pragma once

#include <string>
#include <vector>

namespace gatehouse::test {

struct Rendered {
    int exitCode = -1;
    std::string output;
    std::string errors;
};

/// Runs the real `gatehouse-agent render` without settings in its environment and waits for it.
[[nodiscard]] Rendered runRender(const std::vector<std::string>& arguments);

} // namespace gatehouse::test
