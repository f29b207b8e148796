#pragma once

#include "core/signing/Signing.h"

#include <filesystem>

namespace gatehouse::exporters {

/// Writes the pack as a folder, built beside the target and renamed into place: a crash or a full disk leaves no half
/// pack under the final name. Fails if the target exists and is not empty.
[[nodiscard]] Result<std::filesystem::path> writeFolder(const signing::SignedBundle& bundle,
                                                        const std::filesystem::path& target);
/// The same pack as one .zip: entries sorted, stored or deflated, no comments, no extra fields, fixed times.
[[nodiscard]] Result<std::filesystem::path> writeZip(const signing::SignedBundle& bundle,
                                                     const std::filesystem::path& target);
/// The bytes of that .zip.
[[nodiscard]] Result<std::string> zipBytes(const signing::SignedBundle& bundle);
/// Reads a pack's files (folder or .zip) with every limit of verifyPack, without checking the signature.
[[nodiscard]] Result<evidence::Files> readPack(const std::filesystem::path& pack);

} // namespace gatehouse::exporters
