#pragma once

#include "agent/commands/Command.h"

#include <filesystem>

namespace gatehouse::commands {

/// `$XDG_CONFIG_HOME/gatehouse`, or `~/.config/gatehouse`. Fails when neither variable is set.
[[nodiscard]] Result<std::filesystem::path> configurationFolder();

/// Public keys (PEM) to verify packs with: the files given, else those in `<configuration folder>/trusted-keys/*.pub`
/// and, when a data folder is named, the `signing-key.pem.pub` of that agent. May be empty; never one out of a pack.
/// A file that is no public key is an error that names it: silently dropping a key would change who is trusted.
[[nodiscard]] Result<std::vector<std::string>> trustedKeys(const std::vector<std::string>& given,
                                                           const CommonOptions& common);

} // namespace gatehouse::commands
