#pragma once

#include "core/result/Result.h"
#include "core/secrets/Secret.h"

#include <stop_token>
#include <string>

namespace gatehouse::envoy {

/// Requests through the gateway's own port: TLS, both authorizer stages and the route table, as any client sees them.
class LiveCheck {
public:
    /// `url` of the gateway; its certificate must chain to `caPem`.
    LiveCheck(std::string url, std::string caPem);

    /// The version of the routes that answer a request made on a connection of its own.
    [[nodiscard]] Result<std::string> version(const Secret& agentKey, std::stop_token stop) const;
    /// The status of a request for the model list with `key`.
    [[nodiscard]] Result<int> statusOf(const Secret& key, std::stop_token stop) const;
    /// A request without a key must be refused by our authorizer, and by nobody else.
    [[nodiscard]] Result<void> refusesWithoutKey(std::stop_token stop) const;

private:
    std::string m_url;
    std::string m_caPem;
};

} // namespace gatehouse::envoy
