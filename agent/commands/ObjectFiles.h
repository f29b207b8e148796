#pragma once

#include "core/object_store/Object.h"

#include <string>
#include <vector>

namespace gatehouse::commands {

/// An object and where it was read ("models.yaml, line 12 (LLMModel chat)"), for messages.
struct FileObject {
    Object object;
    std::string where;
};

/// All objects of YAML or JSON files, Lists taken apart; "-" is stdin. Every problem names file and line.
[[nodiscard]] Result<std::vector<FileObject>> readObjectFiles(const std::vector<std::string>& paths);

} // namespace gatehouse::commands
