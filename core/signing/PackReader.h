#pragma once

#include "core/evidence/EvidenceBundle.h"

#include <filesystem>

namespace gatehouse::signing {

/// The files of a pack, a folder or a .zip. Integrity: the pack has something a pack may not have (a link, a device, an
/// empty folder, a hidden file, an odd name, too much); the message names the first in the order of paths. Other kinds:
/// it could not be read. Symbolic links are not followed, but for `pack` itself.
[[nodiscard]] Result<evidence::Files> readPackFiles(const std::filesystem::path& pack);

} // namespace gatehouse::signing
