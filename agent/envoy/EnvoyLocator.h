#pragma once

#include "core/result/Result.h"

#include <filesystem>
#include <string>

namespace gatehouse::envoy {

struct FoundEnvoy {
    std::filesystem::path binary; ///< absolute
    std::string version;          ///< "1.40.0"
};

/// Where to look, in this order; the first that is given counts, so that a wrong one is said and not passed over.
struct EnvoyChoice {
    std::string option;            ///< --envoy
    std::string environment;       ///< $GATEHOUSE_ENVOY
    std::filesystem::path dataDir; ///< <dataDir>/envoy/bin/envoy, where the quickstart puts it
    std::string searchPath;        ///< $PATH
};

inline constexpr int LeastEnvoyMajor = 1;
inline constexpr int LeastEnvoyMinor = 38;

/// Finds Envoy and runs `envoy --version`. NotFound or Unsupported say what was looked at and what to do.
[[nodiscard]] Result<FoundEnvoy> locateEnvoy(const EnvoyChoice& choice);
/// With `option` and `dataDir`, and the rest from this process's environment.
[[nodiscard]] Result<FoundEnvoy> locateEnvoy(const std::string& option, const std::filesystem::path& dataDir);
/// "1.40.0" out of "envoy  version: 9e55…/1.40.0/Clean/RELEASE/BoringSSL"; empty if there is none.
[[nodiscard]] std::string versionIn(std::string_view text);

} // namespace gatehouse::envoy
