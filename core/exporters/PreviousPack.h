#pragma once

#include "core/evidence/EvidenceBundle.h"
#include "core/result/Result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gatehouse::exporters {

/// The link a new pack carries to this one. Integrity when the pack does not verify with one of the keys: a chain must
/// not be continued from something that was changed.
[[nodiscard]] Result<evidence::ChainLink> linkTo(const std::filesystem::path& pack,
                                                 const std::vector<std::string>& trustedPublicKeysPem);

} // namespace gatehouse::exporters
