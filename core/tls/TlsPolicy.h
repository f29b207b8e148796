#pragma once

#include "core/result/Result.h"

#include <string>
#include <string_view>

struct ssl_ctx_st; // OpenSSL's SSL_CTX
struct ssl_st;     // OpenSSL's SSL

namespace gatehouse::tls {

struct Identity;

/// The one place where our TLS is decided: 1.2 and up, AEAD suites with forward secrecy only, no compression, no
/// renegotiation, X25519 and P-256/P-384. Call it on every SSL_CTX we make, server or client.
[[nodiscard]] Result<void> applyPolicy(ssl_ctx_st* context);

/// The TLS 1.2 suites of the policy in OpenSSL's words, for configurations of other programs (Envoy takes the same
/// names).
[[nodiscard]] std::string_view cipherList();

/// Loads `caPem` (one or more certificates) as the only trust anchors, or the system's when empty.
[[nodiscard]] Result<void> trust(ssl_ctx_st* context, std::string_view caPem);

/// Makes this the certificate a server presents. Fails if the key does not belong to the certificate.
[[nodiscard]] Result<void> present(ssl_ctx_st* context, const Identity& identity);

/// Client side: the peer's certificate must chain to a trust anchor and name `host` (a name or an address without
/// brackets).
[[nodiscard]] Result<void> expectHost(ssl_st* connection, const std::string& host);

} // namespace gatehouse::tls