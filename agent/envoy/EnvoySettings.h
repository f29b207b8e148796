#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace gatehouse::envoy {

/// Where the gateway keeps its files. Sockets stand in a folder of mode 0700 because their paths must be short.
struct EnvoyPaths {
    std::filesystem::path data; ///< the agent's data folder, absolute

    [[nodiscard]] std::filesystem::path folder() const { return data / "envoy"; }

    [[nodiscard]] std::filesystem::path bootstrap() const { return folder() / "bootstrap.json"; }

    [[nodiscard]] std::filesystem::path listeners() const { return folder() / "lds.json"; }

    [[nodiscard]] std::filesystem::path routes() const { return folder() / "rds.json"; }

    [[nodiscard]] std::filesystem::path clusters() const { return folder() / "cds.json"; }

    [[nodiscard]] std::filesystem::path certificateSecret() const { return folder() / "sds-certificate.json"; }

    [[nodiscard]] std::filesystem::path credentialFolder() const { return folder() / "credentials"; }

    [[nodiscard]] std::filesystem::path pidFile() const { return folder() / "envoy.pid"; }

    [[nodiscard]] std::filesystem::path sockets() const { return data / "run"; }

    [[nodiscard]] std::filesystem::path adminSocket() const { return sockets() / "envoy.sock"; }

    [[nodiscard]] std::filesystem::path authorizerSocket() const { return sockets() / "authorizer.sock"; }

    [[nodiscard]] std::filesystem::path logs() const { return data / "logs"; }

    [[nodiscard]] std::filesystem::path accessLog() const { return logs() / "access.log"; }

    [[nodiscard]] std::filesystem::path processLog() const { return logs() / "envoy.log"; }
};

/// Every bound the gateway enforces, set on purpose.
struct EnvoyLimits {
    std::uint32_t headerKiB = 32;
    std::uint32_t headerCount = 64;
    std::uint32_t bodyBytes = 32U << 20; ///< request bodies, and JSON answers whose tokens are counted
    std::uint32_t connections = 1024;
    std::uint32_t requestsPerUpstream = 512;
    std::uint32_t waitingPerUpstream = 256;
    std::uint32_t authorizerConnections = 64; ///< below the authorizer's own bound
    std::uint32_t http2Streams = 100;
    std::uint64_t heapBytes = 2ULL << 30; ///< beyond 95 % new requests are refused
    std::chrono::seconds headerTimeout{10};
    std::chrono::seconds handshakeTimeout{10};
    std::chrono::seconds uploadTimeout{300}; ///< a whole request, from its first byte
    std::chrono::seconds idleTimeout{60};    ///< a connection without requests
    std::chrono::seconds streamIdleTimeout{600};
    std::chrono::seconds connectTimeout{5};
    std::chrono::seconds authenticateTimeout{5};
    std::chrono::seconds authorizeTimeout{15};
};

struct EnvoySettings {
    EnvoyPaths paths;
    std::string address = "127.0.0.1"; ///< IPv4 or IPv6 address to listen on
    std::uint16_t port = 8443;
    std::filesystem::path certificate; ///< PEM chain; replaced by rename, reloaded without dropping a connection
    std::filesystem::path privateKey;  ///< PEM, mode 0600
    std::filesystem::path systemCas = "/etc/ssl/certs/ca-certificates.crt"; ///< for upstreams over https
    EnvoyLimits limits;
};

} // namespace gatehouse::envoy
