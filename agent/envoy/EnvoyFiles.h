#pragma once

#include "agent/envoy/EnvoyResources.h"

namespace gatehouse::envoy {

/// Makes the folders (mode 0700). Invalid when a socket path would be too long for the system, with the mend.
[[nodiscard]] Result<void> makeFolders(const EnvoyPaths& paths);

/// Writes a document beside the file and renames it over it, mode 0600; does nothing when the file says the same
/// already. True: something was written, and Envoy will notice.
[[nodiscard]] Result<bool> writeDocument(const std::filesystem::path& path, const json::Object& document);

/// Removes credential files that no route needs any more.
void removeUnneededCredentials(const EnvoyPaths& paths, const std::vector<NeededCredential>& needed);

} // namespace gatehouse::envoy
