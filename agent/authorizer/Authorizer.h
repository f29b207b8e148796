#pragma once

#include "agent/authorizer/LastUsed.h"
#include "agent/authorizer/ModelDirectory.h"
#include "agent/http_server/HttpServer.h"
#include "core/keys/KeyTable.h"
#include "core/secrets/Secret.h"
#include "core/time/Clock.h"

#include <filesystem>
#include <memory>
#include <mutex>

namespace gatehouse::authorizer {

/// Answers Envoy's two ext_authz questions and the model list on a Unix socket of mode 0600. Holds the key table and
/// the model directory as immutable snapshots; a new one is in force for every request that arrives after the call
/// returns, so a minted key works and a revoked one is refused at once.
///
/// Thread-safe, but for start() and stop(). Until the first setKeys() and setModels() it refuses everyone.
class Authorizer {
public:
    /// `clock` must outlive it. `bodyBytes`: the largest body Envoy sends on.
    Authorizer(const Clock& clock, std::filesystem::path socket, std::size_t bodyBytes);
    ~Authorizer();
    Authorizer(const Authorizer&) = delete;
    Authorizer& operator=(const Authorizer&) = delete;

    /// Listens before it returns. Calling it while it runs changes nothing.
    [[nodiscard]] Result<void> start();
    void stop();

    void setKeys(std::shared_ptr<const keys::KeyTable> keys);
    void setModels(std::shared_ptr<const ModelDirectory> models);
    [[nodiscard]] std::shared_ptr<const ModelDirectory> models() const;

    [[nodiscard]] const LastUsed& lastUsed() const { return m_lastUsed; }

    /// Opens the gateway's version and nothing else; for the agent's own live check.
    [[nodiscard]] const Secret& agentKey() const { return m_agentKey; }

private:
    struct Snapshot {
        std::shared_ptr<const keys::KeyTable> keys;
        std::shared_ptr<const ModelDirectory> models;
    };

    [[nodiscard]] Snapshot snapshot() const;
    [[nodiscard]] http_server::Response answer(const http_server::Request& request);
    [[nodiscard]] http_server::Response answerModels(const http_server::Request& request);

    const Clock& m_clock;
    const std::filesystem::path m_socket;
    const std::size_t m_bodyBytes;
    const Secret m_agentKey;
    LastUsed m_lastUsed;
    mutable std::mutex m_mutex; ///< guards m_current
    Snapshot m_current;
    std::unique_ptr<http_server::HttpServer> m_server;
};

} // namespace gatehouse::authorizer
