#pragma once

#include "core/evidence/EvidenceBundle.h"

#include <cstdint>
#include <string>
#include <string_view>

/// What a pack may look like; writer and reader share these.
namespace gatehouse::signing {

inline constexpr std::string_view ManifestName = "manifest.json";
inline constexpr std::string_view AttestationName = "attestation.sigstore.json";

/// Some hundred endpoints with every exchange; a .zip holds fewer (MaxZipFiles).
inline constexpr std::size_t MaxPackFiles = 300'000;
/// Without Zip64, which has two places for every size and so is refused.
inline constexpr std::size_t MaxZipFiles = 65'534;
inline constexpr std::size_t MaxFileBytes = 64U << 20;
inline constexpr std::size_t MaxPackBytes = 512U << 20;
inline constexpr std::size_t MaxPathBytes = 400;
inline constexpr std::size_t MaxDepth = 8;

/// Why a path must not stand in a pack; empty when it may. Allowed are relative paths of [A-Za-z0-9._-] segments that
/// do not begin or end with a dot: so no "..", no hidden file, no two spellings of one name.
[[nodiscard]] std::string pathProblem(std::string_view path);

/// Lower case, to find names that are one file on a file system that ignores case.
[[nodiscard]] std::string foldCase(std::string_view path);

/// The first rule that the files break, paths in order; empty when none.
[[nodiscard]] std::string filesProblem(const evidence::Files& files);

} // namespace gatehouse::signing
