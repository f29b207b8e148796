#pragma once

#include "core/result/Result.h"
#include "core/secrets/Secret.h"

#include <filesystem>
#include <string>

namespace gatehouse::admin_api {

/// Writes a kubeconfig (mode 0600, atomically) with one cluster, user and context, all named "gatehouse", default
/// namespace "default"; the CA and the token are in it, so that the one file is enough for kubectl.
[[nodiscard]] Result<void> writeKubeconfig(const std::filesystem::path& file, const std::string& serverUrl,
                                           const std::string& caPem, const Secret& token);

} // namespace gatehouse::admin_api
