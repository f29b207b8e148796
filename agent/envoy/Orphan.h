#pragma once

#include <filesystem>

namespace gatehouse::envoy {

/// Ends an Envoy that a killed agent left behind: the process of `pidFile`, if its command line names `bootstrap`.
/// Returns whether there was one. Anything else that may have got the pid since is left alone.
bool endOrphan(const std::filesystem::path& pidFile, const std::filesystem::path& bootstrap);

} // namespace gatehouse::envoy
