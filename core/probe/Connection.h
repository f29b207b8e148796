#pragma once

#include "core/probe/BaseUrl.h"
#include "core/probe/Prober.h"

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

struct ssl_ctx_st;
struct ssl_st;

namespace gatehouse::probe {

/// What TLS the connections to one endpoint use. TLS 1.2 and up, no resumption, so that each connection is a whole one.
class TlsSettings {
public:
    [[nodiscard]] static Result<TlsSettings> make(const TlsChoice& choice, const BaseUrl& url);

    [[nodiscard]] ssl_ctx_st* context() const { return m_context.get(); }

    [[nodiscard]] const std::string& serverName() const { return m_serverName; }

private:
    std::shared_ptr<ssl_ctx_st> m_context;
    std::string m_serverName;
};

/// A resolved address; bytes of a sockaddr.
struct SocketAddress {
    int family = 0;
    std::string bytes;
    std::string text; ///< "127.0.0.1:8443", "[::1]:8443"
};

/// Blocks on the resolver. At most eight addresses.
[[nodiscard]] Result<std::vector<SocketAddress>> resolve(const BaseUrl& url);

/// What a connection showed of its TLS layer.
struct TlsFacts {
    std::string version;
    std::string cipher;
    bool verified = false;
    std::vector<std::string> certificateSha256;
};

/// One client connection on a non-blocking socket. Every wait ends at the deadline given or soon after a stop.
/// Not thread-safe. The calling thread must have SIGPIPE blocked or ignored.
class Connection {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    explicit Connection(const Clock& clock) : m_clock(clock) {}

    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Closes the socket, so that open() may be tried again.
    void shut();
    [[nodiscard]] Result<void> open(const SocketAddress& address, Deadline deadline, const std::stop_token& stop);
    [[nodiscard]] Result<void> startTls(const TlsSettings& settings, Deadline deadline, const std::stop_token& stop);
    /// Writes as much as the peer takes at once; the number of bytes taken, 0 if it is not ready.
    [[nodiscard]] Result<std::size_t> write(std::string_view bytes);
    /// Reads what is there; appends. 0 bytes with `closed` unset: nothing there yet.
    [[nodiscard]] Result<std::size_t> read(std::string& into, bool& closed);
    /// Waits until reading (or, with `forWriting`, either) may go on.
    [[nodiscard]] Result<void> wait(bool forWriting, Deadline deadline, const std::stop_token& stop);

    [[nodiscard]] const TlsFacts& tlsFacts() const { return m_tlsFacts; }

private:
    void readTlsFacts(bool verifying);

    const Clock& m_clock;
    int m_socket = -1;
    ssl_st* m_tls = nullptr;
    bool m_tlsWantsWrite = false;
    TlsFacts m_tlsFacts;
};

} // namespace gatehouse::probe
