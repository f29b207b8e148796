#pragma once

#include "agent/authorizer/Authorizer.h"
#include "agent/envoy/EnvoyResources.h"
#include "agent/envoy/EnvoySupervisor.h"
#include "core/secrets/Secret.h"

#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace gatehouse::envoy {

/// The value under `apiKey` of a Secret, for a passthrough upstream.
using CredentialLookup = std::function<Result<Secret>(const std::string& nameSpace, const std::string& secretName)>;

/// Models of a plan that got no route, each with the reason: conditions of type UpstreamConfigured, status false.
using LeftOut = std::vector<serving_plan::Condition>;

/// The gateway of one host: Envoy, run and supervised, with our authorizer beside it.
///
/// Order that a caller keeps: construct, setKeys() with the keys of the store, start() with the first plan, enforce()
/// with every later one, setKeys() after every change of a key. Thread-safe; enforce() calls queue up.
class Gateway {
public:
    /// `clock` must outlive it. The certificate of `settings` must be there; `caPem` is what it chains to.
    Gateway(FoundEnvoy envoy, EnvoySettings settings, std::string caPem, CredentialLookup credentials,
            const Clock& clock);
    /// Stops.
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    /// Starts authorizer and Envoy with `plan` and returns once it is in force. Errors name the port, socket, file or
    /// program that is in the way and the mend; nothing is left running then.
    [[nodiscard]] Result<void> start(const serving_plan::ServingPlan& plan, std::stop_token stop);

    /// Brings the routes to `plan` without dropping a connection. Returns only once Envoy says that it has taken every
    /// part, and a request through the gateway's own port has seen it. What a plan withdraws is refused from the
    /// first moment, what it grants works from the last. Timeout when Envoy did not confirm in time: then the old
    /// routes may still stand, and nothing new is granted. A credential that cannot be had leaves that one model
    /// without a route, which is no error: it is in the answer, and all others are enforced.
    [[nodiscard]] Result<LeftOut> enforce(const serving_plan::ServingPlan& plan, std::stop_token stop);

    /// In force for every request after the return; no Envoy configuration is involved.
    void setKeys(std::shared_ptr<const keys::KeyTable> keys);

    /// One request through the gateway's own port, to see that it refuses who has no key.
    [[nodiscard]] Result<void> check(std::stop_token stop) const;
    /// The status of a request for the model list through the gateway's own port with this key: 200 once a minted key
    /// works, 401 once a revoked one is refused.
    [[nodiscard]] Result<int> statusOf(const Secret& key, std::stop_token stop) const;

    void stop();

    [[nodiscard]] EnvoyStatus status() const;
    [[nodiscard]] std::string configVersion() const; ///< what was last confirmed; empty before that
    [[nodiscard]] std::string url() const;           ///< "https://127.0.0.1:8443"
    [[nodiscard]] const authorizer::LastUsed& lastUsed() const;
    /// What the gateway enforces, for evidence: documents as Envoy got them, version, limits. Holds no secret.
    [[nodiscard]] json::Object configuration() const;
    /// Renames the access log to access.log.1 and so on when it has more than `limit` bytes. The gateway does it by
    /// itself at 64 MiB, and keeps four.
    [[nodiscard]] Result<void> rotateAccessLog(std::uintmax_t limit, unsigned keep);

    /// The authorizer, for tests and for stopping it apart from Envoy.
    [[nodiscard]] authorizer::Authorizer& authorizer();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace gatehouse::envoy
