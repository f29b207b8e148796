#pragma once

#include "core/files/Files.h"

#include <filesystem>
#include <string>

namespace gatehouse::standalone {

/// Where a standalone agent keeps everything (`--data DIR`). Mode 0700; what is secret in it is 0600.
struct DataFolder {
    std::filesystem::path root; ///< absolute

    [[nodiscard]] std::filesystem::path store() const { return root / "store"; }

    [[nodiscard]] std::filesystem::path tls() const { return root / "tls"; }

    [[nodiscard]] std::filesystem::path token() const { return root / "token"; }

    [[nodiscard]] std::filesystem::path kubeconfig() const { return root / "kubeconfig"; }

    [[nodiscard]] std::filesystem::path envoy() const { return root / "envoy"; }

    /// Reports and transcripts of probe runs.
    [[nodiscard]] std::filesystem::path runs() const { return root / "runs"; }

    [[nodiscard]] std::filesystem::path packs() const { return root / "packs"; }

    [[nodiscard]] std::filesystem::path signingKey() const { return root / "signing-key.pem"; }

    /// YAML put here is applied as if by `apply -f`.
    [[nodiscard]] std::filesystem::path manifests() const { return root / "manifests"; }

    [[nodiscard]] std::filesystem::path logs() const { return root / "logs"; }

    /// Creates what is missing. Fails (Storage) when the folder cannot be used or less than 64 MiB of disk are free.
    [[nodiscard]] Result<void> prepare() const;
};

} // namespace gatehouse::standalone
