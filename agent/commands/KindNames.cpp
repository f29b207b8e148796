#include "agent/commands/KindNames.h"

#include <algorithm>

namespace gatehouse::commands {

Result<const KnownKind*> kindNamed(const std::string& word) {
    std::string lower = word;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    std::string all;
    for (const auto& kind : knownKinds()) {
        const bool meant = lower == kind.singular || lower == kind.type.plural || lower == kind.type.resourceName() ||
                           std::find(kind.shortNames.begin(), kind.shortNames.end(), lower) != kind.shortNames.end();
        if (meant) {
            return &kind;
        }
        all += (all.empty() ? "" : ", ") + kind.type.plural;
    }
    return failure(ErrorKind::BadRequest, "there is no kind '" + word.substr(0, 60) + "'", "one of: " + all);
}

} // namespace gatehouse::commands
