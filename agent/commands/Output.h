#pragma once

#include "core/object_store/Object.h"
#include "core/time/Clock.h"

#include <span>
#include <string>
#include <vector>

namespace gatehouse::commands {

inline const std::vector<std::string> OutputForms{"table", "json", "yaml", "csv", "md"};

/// Objects of one kind in the form asked for. A single object that was asked for by name is one document in json and
/// yaml, everything else a List. Control characters that a name or value may hold cannot reach the terminal.
[[nodiscard]] std::string formatObjects(const ResourceType& type, std::span<const Object> objects,
                                        const std::string& form, bool single, TimePoint now);

} // namespace gatehouse::commands
