#pragma once

#include "core/result/Result.h"

#include <cstdint>
#include <filesystem>

namespace gatehouse::envoy {

/// Renames file → file.1 → … → file.<keep> when `file` has more than `limit` bytes; the oldest is dropped. True: it was
/// renamed, and whoever writes it must open it anew.
[[nodiscard]] Result<bool> rotate(const std::filesystem::path& file, std::uintmax_t limit, unsigned keep);

} // namespace gatehouse::envoy
