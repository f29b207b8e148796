#pragma once

#include "core/object_store/KnownKinds.h"
#include "core/result/Result.h"

#include <string>

namespace gatehouse::commands {

/// The kind a person means: "LLMModel", "llmmodel", "llmmodels", "llm", "llmmodels.llm.nebari.dev". The error lists
/// what there is.
[[nodiscard]] Result<const KnownKind*> kindNamed(const std::string& word);

} // namespace gatehouse::commands
