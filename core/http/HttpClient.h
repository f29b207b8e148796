#pragma once

#include "core/http/Message.h"
#include "core/result/Result.h"
#include "core/secrets/Secret.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace gatehouse::http {

/// Where a client connects to and how long it waits. Move-only, because of the token.
struct ClientOptions {
    std::string baseUrl;    ///< "https://127.0.0.1:8444" or "http://…"; a path in it is put before every target
    std::string unixSocket; ///< connect to this socket instead of the host of baseUrl; no TLS then
    std::string caPem;      ///< trust anchors of an https server; empty: the system's. The host name is always verified
    Secret token;           ///< sent as "Authorization: Bearer …"; empty: none
    std::string userAgent = std::string("gatehouse/") + GATEHOUSE_VERSION;

    std::chrono::milliseconds connectTimeout{5'000}; ///< name, TCP and TLS together
    std::chrono::milliseconds headerTimeout{60'000}; ///< request sent and whole response header read
    std::chrono::milliseconds bodyTimeout{60'000};   ///< whole response body read
    std::size_t maxHeaderBytes = 64U << 10;
    std::size_t maxBodyBytes = 64U << 20;
    /// Appended to Unreachable errors, for example "is the agent running? start it with `gatehouse-agent standalone`".
    std::string unreachableHint;
};

/// What a streaming call reports besides lines.
struct StreamHandlers {
    /// Once, when a 2xx header has come; optional.
    std::function<void(const Response& header)> opened;
    /// One complete line without its end, valid during the call only. Return false to end the stream.
    std::function<bool(std::string_view line)> line;
};

/// Blocking HTTP/1.1 client over TLS, plain TCP or a Unix socket.
///
/// Thread-safe: calls from several threads run side by side, each on a connection of its own; idle connections are kept
/// and reused. Redirects are not followed, cookies not kept, the body is not decompressed. Never call it on the GUI
/// thread.
///
/// A response of any status is a value, not an error. Errors: Unreachable (not resolved, refused, reset), TlsRejected
/// (certificate or protocol), Timeout (which deadline), TooLarge (answer beyond the limit), Cancelled (stop asked for),
/// BadRequest (unusable URL or answer that is no HTTP). No error text holds the token or a body.
class HttpClient {
public:
    explicit HttpClient(ClientOptions options);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// An idempotent request (GET, HEAD, PUT, DELETE) is tried once more if a reused connection turns out to be dead.
    [[nodiscard]] Result<Response> send(const Request& request, std::stop_token stop = {});

    /// Sends and hands the body over line by line while it comes, without a body deadline. Returns when the server ends
    /// the body, when `line` returns false, or with an error; a stop wakes it up at once (Cancelled). A non-2xx answer
    /// is read whole and returned as a value with its body; after a streamed 2xx the body is empty. A line longer than
    /// maxBodyBytes is TooLarge. `silence` is how long the server may send nothing before that is a Timeout; zero: for
    /// ever.
    [[nodiscard]] Result<Response> stream(const Request& request, const StreamHandlers& handlers,
                                          std::chrono::milliseconds silence = {}, std::stop_token stop = {});

    [[nodiscard]] const ClientOptions& options() const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Percent-encodes everything but RFC 3986 unreserved characters.
[[nodiscard]] std::string percentEncode(std::string_view text);

} // namespace gatehouse::http
