#include "agent/envoy/Confirmation.h"

#include "core/time/Pause.h"

#include <charconv>

namespace gatehouse::envoy {
namespace {

std::uint64_t asNumber(const std::string& text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string missingParts(const AcceptedVersions& accepted, const EnvoyResources& wanted) {
    std::string out;
    for (const auto& [name, have, want] : {std::tuple{"listeners", &accepted.listeners, &wanted.listenersVersion},
                                           {"clusters", &accepted.clusters, &wanted.clustersVersion},
                                           {"routes", &accepted.routes, &wanted.version}}) {
        if (*have != *want) {
            out += (out.empty() ? "" : ", ") + std::string(name);
        }
    }
    return out;
}

} // namespace

Result<AcceptedVersions> acceptedVersions(const EnvoyAdmin& admin, std::stop_token stop) {
    auto statistics = admin.statistics(R"((version_text|update_rejected|warming_clusters)$)", std::move(stop));
    if (!statistics) {
        return failure(statistics.error());
    }
    AcceptedVersions out;
    for (const auto& [name, value] : *statistics) {
        if (name == "listener_manager.lds.version_text") {
            out.listeners = value;
        } else if (name == "cluster_manager.cds.version_text") {
            out.clusters = value;
        } else if (name == "http.gateway.rds.models.version_text") {
            out.routes = value;
        } else if (name == "cluster_manager.warming_clusters") {
            out.warmingClusters = asNumber(value);
        } else if (name.ends_with("update_rejected")) {
            out.rejected += asNumber(value);
        }
    }
    return out;
}

bool matches(const AcceptedVersions& accepted, const EnvoyResources& wanted) {
    return accepted.listeners == wanted.listenersVersion && accepted.clusters == wanted.clustersVersion &&
           accepted.routes == wanted.version;
}

Result<void> waitUntilAccepted(const EnvoyAdmin& admin, const EnvoyResources& wanted,
                               std::chrono::milliseconds patience, std::stop_token stop) {
    const auto begun = std::chrono::steady_clock::now();
    const auto deadline = begun + patience;
    std::optional<std::uint64_t> rejectedBefore;
    Error last = makeError(ErrorKind::Timeout, "Envoy gave no answer");
    while (!stop.stop_requested() && std::chrono::steady_clock::now() < deadline) {
        if (const Result<AcceptedVersions> accepted = acceptedVersions(admin, stop); !accepted) {
            last = accepted.error();
            rejectedBefore.reset(); // it may be another process next time
        } else if (matches(*accepted, wanted) && (accepted->warmingClusters == 0 ||
                                                  std::chrono::steady_clock::now() - begun > std::chrono::seconds(3))) {
            return {};
        } else if (rejectedBefore && accepted->rejected > *rejectedBefore) {
            return failure(ErrorKind::Internal, "Envoy refused the new " + missingParts(*accepted, wanted),
                           "see envoy.log; this is a bug of Gatehouse");
        } else {
            rejectedBefore = rejectedBefore.value_or(accepted->rejected);
            last = makeError(ErrorKind::Timeout, "Envoy has not taken the new " + missingParts(*accepted, wanted));
        }
        pauseFor(std::chrono::milliseconds(5), stop);
    }
    if (stop.stop_requested()) {
        return failure(ErrorKind::Cancelled, "stopped while waiting for Envoy");
    }
    return failure(because("the gateway's new configuration is not in force yet", std::move(last)));
}

} // namespace gatehouse::envoy
