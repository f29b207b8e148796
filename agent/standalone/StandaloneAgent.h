#pragma once

#include "agent/standalone/DataFolder.h"
#include "core/time/Clock.h"

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

namespace gatehouse::standalone {

struct StandaloneOptions {
    DataFolder data;
    std::string address = "127.0.0.1"; ///< of the gateway; the admin API is on 127.0.0.1 always
    std::uint16_t port = 8443;         ///< of the gateway; the admin API takes the next one
    std::string envoy;                 ///< program; empty: searched for
};

/// The agent of one host: store, gateway, controllers and admin API in one process. Its composition root.
class StandaloneAgent {
public:
    /// Starts everything and returns once the admin API answers and the gateway enforces the plan. On an error nothing
    /// is left running. `clock` must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<StandaloneAgent>> start(StandaloneOptions options, const Clock& clock,
                                                                        std::stop_token stop);
    /// Stops everything in order: admin API, controllers, gateway, store.
    ~StandaloneAgent();
    StandaloneAgent(const StandaloneAgent&) = delete;
    StandaloneAgent& operator=(const StandaloneAgent&) = delete;

    [[nodiscard]] std::string gatewayUrl() const;
    [[nodiscard]] std::string adminUrl() const;
    /// Regular upkeep until the stop: expired keys, certificate renewal, a gateway that came back.
    void run(std::stop_token stop);

private:
    class Impl;
    explicit StandaloneAgent(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace gatehouse::standalone
