#pragma once

#include "core/result/Result.h"
#include "core/secrets/Secret.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace gatehouse::files {

namespace fs = std::filesystem;

/// The whole file, at most `limit` bytes. NotFound, TooLarge or Storage otherwise; the message names the file.
[[nodiscard]] Result<std::string> read(const fs::path& path, std::size_t limit = 16U << 20);

/// Reads a secret file and drops one trailing newline. Fails if others may read the file (mode must be 0600 or 0400),
/// unless `anyMode` is set.
[[nodiscard]] Result<Secret> readSecret(const fs::path& path, std::size_t limit = 64U << 10, bool anyMode = false);

/// Writes beside the target, syncs, renames over it and syncs the folder: after a crash the old or the new content is
/// there, never half. `mode` is applied before any byte is written.
[[nodiscard]] Result<void> writeAtomically(const fs::path& path, std::string_view content, unsigned mode = 0644);
[[nodiscard]] Result<void> writeSecret(const fs::path& path, const Secret& content);

/// Creates the folder and its parents; the last one gets `mode`.
[[nodiscard]] Result<void> makeFolder(const fs::path& path, unsigned mode = 0755);

/// Free bytes for an ordinary user on the file system of `path`.
[[nodiscard]] Result<std::uintmax_t> freeSpace(const fs::path& path);

} // namespace gatehouse::files
