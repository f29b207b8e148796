#pragma once

#include "core/http/Url.h"
#include "core/result/Result.h"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

struct ssl_ctx_st;

namespace gatehouse::http {

using Deadline = std::chrono::steady_clock::time_point;

/// One byte stream to a server: TCP, TLS or a Unix socket. Blocking; every call ends by its deadline and at once on a
/// stop. After an error the connection is of no more use. Internal to HttpClient.
class Connection {
public:
    /// `context` is used for https only and must outlive the connection. With `unixSocket` the URL's host is not
    /// contacted.
    [[nodiscard]] static Result<std::unique_ptr<Connection>>
    open(const Url& url, const std::string& unixSocket, ssl_ctx_st* context, Deadline deadline, std::stop_token stop);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] Result<void> write(std::string_view bytes, Deadline deadline, std::stop_token stop);
    /// At least one byte, or 0 at the end of the stream.
    [[nodiscard]] Result<std::size_t> readSome(char* into, std::size_t size, Deadline deadline, std::stop_token stop);
    /// Nothing has come in and the other side has not closed: fit for another request.
    [[nodiscard]] bool looksIdle();

    std::chrono::steady_clock::time_point idleSince{}; ///< kept by the pool

private:
    class Impl;
    explicit Connection(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace gatehouse::http
