#pragma once

#include "core/http/Message.h"
#include "core/result/Result.h"
#include "core/tls/LocalCa.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace gatehouse::http_server {

/// A request that passed every check of the server: valid framing, one Host, origin-form target, within the limits.
struct Request : http::Request {
    std::string path;  ///< target up to '?', still percent-encoded
    std::string query; ///< after '?', still percent-encoded; empty when there is none
    std::string peer;  ///< "127.0.0.1:5123", "unix" for a socket; for logs
};

/// Where a streaming response writes to. Thread-safe.
class StreamWriter {
public:
    virtual ~StreamWriter() = default;
    /// Queues bytes for the client and returns at once. False: nothing was queued, because the client is gone or
    /// because more than Limits::streamBacklogBytes would wait for it (then lagging() is true and finish() may say so).
    [[nodiscard]] virtual bool write(std::string bytes) = 0;
    [[nodiscard]] virtual bool lagging() const = 0;
    /// Queues last words beyond the backlog limit (at most 16 KiB); afterwards write() refuses.
    virtual void finish(std::string lastWords) = 0;
};

/// Produces a streamed body on a thread of its own. The response ends when it returns. The token stops when the client
/// has left or the server stops; return soon then.
using Stream = std::function<void(StreamWriter&, std::stop_token)>;

struct Response : http::Response {
    /// When set, `body` is ignored and the body is sent chunked, as it is written.
    Stream stream;
};

/// Runs on a handler thread and may block; the token stops when the client has left or the server stops. An exception
/// becomes a bare 500.
using Handler = std::function<Response(const Request&, std::stop_token)>;

/// Every bound of the server (docs/admin-api.md, Limits). All are enforced before the handler sees a request.
struct Limits {
    std::size_t headerBytes = 32U << 10;        ///< 431
    std::size_t headerFields = 64;              ///< 431
    std::size_t bodyBytes = 1536U << 10;        ///< 413
    std::size_t bodyBytesInFlight = 256U << 20; ///< over all connections; 503
    /// When one more comes, the one that has been silent longest before its request is closed for it; if all are at
    /// work, the new one is closed.
    std::size_t connections = 256;
    std::size_t streams = 100;                       ///< 429
    std::size_t streamBacklogBytes = 1U << 20;       ///< of one stream
    std::chrono::milliseconds headerTimeout{10'000}; ///< TLS handshake, and again the whole header
    std::chrono::milliseconds bodyTimeout{30'000};   ///< whole body
    std::chrono::milliseconds idleTimeout{60'000};   ///< between requests of a kept connection
    std::chrono::milliseconds writeTimeout{30'000};  ///< without any progress while an answer is written
};

struct Options {
    std::string name = "http";             ///< for logs
    std::string address = "127.0.0.1";     ///< numeric; ignored with unixSocket
    std::uint16_t port = 0;                ///< 0: any free one
    std::string unixSocket;                ///< path; made with mode 0600, a stale one is replaced, removed on stop
    std::optional<tls::Identity> identity; ///< TLS with this certificate; none: plain (only sensible on a Unix socket)
    Limits limits;
    unsigned ioThreads = 2;
    /// Threads that run the handler. 0: it runs on the I/O threads, which is faster and right only if it never blocks.
    unsigned handlerThreads = 8;
    /// Looks at a request before its body is read, on an I/O thread: it must not block. An answer ends the request, so
    /// that nobody unknown can make the server hold a body.
    std::function<std::optional<http::Response>(const Request&)> admit;
    /// Answer to what is refused before the handler sees it (400, 408, 413, 431, 503 …); by default plain text.
    std::function<http::Response(int status, const std::string& reason)> refusal;
};

/// HTTP/1.1 server with strict parsing: both Content-Length and Transfer-Encoding, two lengths, bad chunks, NUL or bare
/// LF in the header, obs-fold, a missing or doubled Host, absolute-form and authority-form targets are 400 and the
/// connection is closed. A connection that is slow or half open costs a descriptor and a deadline, never a thread.
class HttpServer {
public:
    /// Listens before it returns. Unreachable when the port is taken (the message names it), Storage for a bad socket
    /// path.
    [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(Options options, Handler handler);
    /// Stops.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] std::uint16_t port() const; ///< 0 on a Unix socket
    /// New connections get this certificate from now on.
    [[nodiscard]] Result<void> replaceIdentity(const tls::Identity& identity);
    /// Accepts nothing new, stops streams and handlers through their tokens, lets running requests finish for `grace`,
    /// then closes. Safe to call twice.
    void stop(std::chrono::milliseconds grace = std::chrono::milliseconds(2'000));

    struct Counters {
        std::size_t connections = 0; ///< open now
        std::size_t streams = 0;     ///< running now
        std::uint64_t requests = 0;  ///< handed to the handler since the start
        std::uint64_t refused = 0;   ///< answered or closed before the handler
    };

    [[nodiscard]] Counters counters() const;

private:
    class Impl;
    explicit HttpServer(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> m_impl;
};

} // namespace gatehouse::http_server
