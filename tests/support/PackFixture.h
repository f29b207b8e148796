#pragma once

#include "core/signing/Signing.h"

#include <filesystem>
#include <string>

namespace gatehouse::test {

/// A private key file of mode 0600 in `folder`: "ed25519", "p256", or another OpenSSL key type to be refused.
[[nodiscard]] std::filesystem::path writeKey(const std::filesystem::path& folder, const std::string& type);
/// A small bundle of five files, one of them empty, two in folders.
[[nodiscard]] evidence::EvidenceBundle smallBundle();
/// The same, signed with the key.
[[nodiscard]] signing::SignedBundle signedBundle(const signing::Signer& signer);
/// Raw bytes of the file.
[[nodiscard]] std::string slurp(const std::filesystem::path& path);
void spill(const std::filesystem::path& path, const std::string& content);

} // namespace gatehouse::test
