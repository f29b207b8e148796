#pragma once

#include "agent/envoy/EnvoyLocator.h"
#include "agent/envoy/EnvoySettings.h"
#include "core/process/ChildProcess.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace gatehouse::envoy {

enum class GatewayState { Stopped, Starting, Running, Failed };

[[nodiscard]] const char* word(GatewayState state);

/// What is to be told of the gateway's process.
struct EnvoyStatus {
    GatewayState state = GatewayState::Stopped;
    std::string message; ///< why it is not running; empty when it is
    std::string version; ///< of Envoy
    int pid = 0;
    unsigned restarts = 0; ///< since start(), not counting the first one
};

/// Keeps one Envoy running: starts it, starts it again with growing pauses when it dies, ends it. Adopts nothing: an
/// Envoy that a killed agent left behind is ended first (by its pid file, if its command line is ours).
///
/// Thread-safe.
class EnvoySupervisor {
public:
    EnvoySupervisor(FoundEnvoy envoy, EnvoySettings settings);
    /// Stops.
    ~EnvoySupervisor();
    EnvoySupervisor(const EnvoySupervisor&) = delete;
    EnvoySupervisor& operator=(const EnvoySupervisor&) = delete;

    /// The files of EnvoyPaths must be there. Returns once Envoy answers on its admin socket. Unreachable when the port
    /// is taken (names it and the mend), Internal when Envoy refuses its configuration (with its own words).
    [[nodiscard]] Result<void> start(std::stop_token stop);
    void stop();
    [[nodiscard]] EnvoyStatus status() const;

private:
    void run(const std::stop_token& stop);
    [[nodiscard]] Result<process::ChildProcess> launch();
    /// Watches until it dies or a stop is asked for. True: a stop.
    [[nodiscard]] bool watch(process::ChildProcess& child, const std::stop_token& stop);
    void set(GatewayState state, std::string message, int pid);

    const FoundEnvoy m_envoy;
    const EnvoySettings m_settings;
    mutable std::mutex m_mutex; ///< guards m_status
    std::condition_variable_any m_changed;
    EnvoyStatus m_status;
    std::jthread m_thread;
};

/// Fails with the port and the mend when something listens on it already.
[[nodiscard]] Result<void> ensurePortFree(const std::string& address, std::uint16_t port);

} // namespace gatehouse::envoy
