#pragma once

#include "agent/commands/Command.h"
#include "core/http/ApiClient.h"

#include <memory>

namespace gatehouse::commands {

/// The running agent that `--server --token-file --ca` or `--data DIR` (or the default data folder) name. Nothing is
/// sent yet; an agent that is not there, of another version, or behind another CA fails at the first call.
[[nodiscard]] Result<std::unique_ptr<http::ApiClient>> connectToAgent(const CommonOptions& common);

} // namespace gatehouse::commands
