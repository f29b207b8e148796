#pragma once

#include "agent/envoy/EnvoyAdmin.h"
#include "agent/envoy/EnvoyResources.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gatehouse::envoy {

/// What Envoy says of the configuration it runs.
struct AcceptedVersions {
    std::string listeners;
    std::string clusters;
    std::string routes;
    std::uint64_t rejected = 0;        ///< updates refused since Envoy's start, all kinds together
    std::uint64_t warmingClusters = 0; ///< clusters waiting for their first name look-up
};

[[nodiscard]] Result<AcceptedVersions> acceptedVersions(const EnvoyAdmin& admin, std::stop_token stop);
[[nodiscard]] bool matches(const AcceptedVersions& accepted, const EnvoyResources& wanted);

/// Waits until Envoy has taken every part of `wanted`. Timeout names the parts that are missing, Internal says that
/// Envoy refused one.
[[nodiscard]] Result<void> waitUntilAccepted(const EnvoyAdmin& admin, const EnvoyResources& wanted,
                                             std::chrono::milliseconds patience, std::stop_token stop);

} // namespace gatehouse::envoy
