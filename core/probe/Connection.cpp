#include "core/probe/Connection.h"

#include "core/crypto/Crypto.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace gatehouse::probe {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

std::string systemReason(int code) {
    switch (code) {
    case ECONNREFUSED:
        return "connection refused";
    case ECONNRESET:
        return "connection reset";
    case EPIPE:
        return "connection closed while sending";
    case EHOSTUNREACH:
        return "host unreachable";
    case ENETUNREACH:
        return "network unreachable";
    default:
        return std::string("socket error: ") + strerrordesc_np(code);
    }
}

tl::unexpected<Error> systemFailure(int code) {
    return failure(ErrorKind::Unreachable, systemReason(code));
}

std::string addressText(const sockaddr* address, socklen_t length) {
    char host[NI_MAXHOST];
    char port[NI_MAXSERV];
    if (getnameinfo(address, length, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        return "unknown";
    }
    return address->sa_family == AF_INET6 ? std::string("[") + host + "]:" + port : std::string(host) + ":" + port;
}

/// The reason of the newest OpenSSL error of this thread; the queue is emptied.
std::string tlsReason() {
    const unsigned long code = ERR_peek_last_error();
    const char* text = ERR_reason_error_string(code);
    std::string reason = text == nullptr ? "unknown reason" : text;
    ERR_clear_error();
    return reason;
}

std::string certificateFingerprint(X509* certificate) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (X509_digest(certificate, EVP_sha256(), digest, &length) != 1) {
        return {};
    }
    return crypto::hex(std::string_view(reinterpret_cast<const char*>(digest), length));
}

} // namespace

Result<std::vector<SocketAddress>> resolve(const BaseUrl& url) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int code = getaddrinfo(url.host.c_str(), std::to_string(url.port).c_str(), &hints, &list);
    if (code != 0) {
        return failure(ErrorKind::Unreachable, "the name '" + url.host + "' was not resolved: " + gai_strerror(code),
                       "check the URL and the resolver");
    }
    std::vector<SocketAddress> addresses;
    for (const addrinfo* each = list; each != nullptr && addresses.size() < 8; each = each->ai_next) {
        addresses.push_back({each->ai_family,
                             std::string(reinterpret_cast<const char*>(each->ai_addr), each->ai_addrlen),
                             addressText(each->ai_addr, each->ai_addrlen)});
    }
    freeaddrinfo(list);
    return addresses;
}

Connection::~Connection() {
    shut();
}

void Connection::shut() {
    if (m_tls != nullptr) {
        SSL_free(std::exchange(m_tls, nullptr));
    }
    if (m_socket >= 0) {
        close(std::exchange(m_socket, -1));
    }
}

Result<void> Connection::open(const SocketAddress& address, Deadline deadline, const std::stop_token& stop) {
    m_socket = socket(address.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (m_socket < 0) {
        return systemFailure(errno);
    }
    const int on = 1;
    setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto* place = reinterpret_cast<const sockaddr*>(address.bytes.data());
    if (connect(m_socket, place, static_cast<socklen_t>(address.bytes.size())) == 0) {
        return {};
    }
    if (errno != EINPROGRESS) {
        return systemFailure(errno);
    }
    m_tlsWantsWrite = true;
    Result<void> ready = wait(true, deadline, stop);
    m_tlsWantsWrite = false;
    if (!ready) {
        return ready;
    }
    int code = 0;
    socklen_t length = sizeof code;
    getsockopt(m_socket, SOL_SOCKET, SO_ERROR, &code, &length);
    if (code != 0) {
        return systemFailure(code);
    }
    return {};
}

Result<void> Connection::wait(bool forWriting, Deadline deadline, const std::stop_token& stop) {
    while (true) {
        if (stop.stop_requested()) {
            return failure(ErrorKind::Cancelled, "stopped");
        }
        const auto left = duration_cast<milliseconds>(deadline - m_clock.steady());
        if (left.count() <= 0) {
            return failure(ErrorKind::Timeout, "timed out");
        }
        pollfd wanted{m_socket, static_cast<short>(POLLIN | (forWriting ? POLLOUT : 0)), 0};
        if (m_tlsWantsWrite) {
            wanted.events = POLLOUT;
        }
        const int count = poll(&wanted, 1, static_cast<int>(std::min<long long>(left.count() + 1, 100)));
        if (count > 0) {
            return {};
        }
        if (count < 0 && errno != EINTR) {
            return systemFailure(errno);
        }
    }
}

Result<void> Connection::startTls(const TlsSettings& settings, Deadline deadline, const std::stop_token& stop) {
    ERR_clear_error();
    m_tls = SSL_new(settings.context());
    if (m_tls == nullptr || SSL_set_fd(m_tls, m_socket) != 1) {
        return failure(ErrorKind::Internal, "no TLS connection could be made: " + tlsReason());
    }
    unsigned char address[16];
    const std::string& name = settings.serverName();
    if (inet_pton(AF_INET, name.c_str(), address) != 1 && inet_pton(AF_INET6, name.c_str(), address) != 1) {
        SSL_set_tlsext_host_name(m_tls, name.c_str());
    }
    while (true) {
        errno = 0;
        const int done = SSL_connect(m_tls);
        if (done == 1) {
            readTlsFacts(SSL_get_verify_mode(m_tls) != SSL_VERIFY_NONE);
            return {};
        }
        const int code = SSL_get_error(m_tls, done);
        if (code == SSL_ERROR_WANT_READ || code == SSL_ERROR_WANT_WRITE) {
            m_tlsWantsWrite = code == SSL_ERROR_WANT_WRITE;
            Result<void> ready = wait(m_tlsWantsWrite, deadline, stop);
            m_tlsWantsWrite = false;
            if (!ready) {
                return ready;
            }
            continue;
        }
        const long problem = SSL_get_verify_result(m_tls);
        if (problem != X509_V_OK && SSL_get_verify_mode(m_tls) != SSL_VERIFY_NONE) {
            ERR_clear_error();
            return failure(ErrorKind::TlsRejected,
                           std::string("the certificate was refused: ") + X509_verify_cert_error_string(problem));
        }
        if (code == SSL_ERROR_SYSCALL) {
            const int system = errno;
            ERR_clear_error();
            return system == 0 ? failure(ErrorKind::Unreachable, "connection closed during the TLS handshake")
                               : systemFailure(system);
        }
        return failure(ErrorKind::TlsRejected, "TLS handshake failed: " + tlsReason());
    }
}

void Connection::readTlsFacts(bool verifying) {
    m_tlsFacts.version = SSL_get_version(m_tls);
    m_tlsFacts.cipher = SSL_get_cipher_name(m_tls);
    m_tlsFacts.verified = verifying && SSL_get_verify_result(m_tls) == X509_V_OK;
    STACK_OF(X509)* chain = SSL_get_peer_cert_chain(m_tls);
    for (int i = 0; chain != nullptr && i < std::min(sk_X509_num(chain), 10); ++i) {
        m_tlsFacts.certificateSha256.push_back(certificateFingerprint(sk_X509_value(chain, i)));
    }
}

Result<std::size_t> Connection::write(std::string_view bytes) {
    if (bytes.empty()) {
        return std::size_t{0};
    }
    if (m_tls == nullptr) {
        const ssize_t count = send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (errno == EAGAIN || errno == EINTR) {
            return std::size_t{0};
        }
        return systemFailure(errno);
    }
    ERR_clear_error();
    SSL_set_mode(m_tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    errno = 0;
    std::size_t count = 0;
    const int done = SSL_write_ex(m_tls, bytes.data(), bytes.size(), &count);
    if (done == 1) {
        return count;
    }
    const int code = SSL_get_error(m_tls, done);
    if (code == SSL_ERROR_WANT_READ || code == SSL_ERROR_WANT_WRITE) {
        return std::size_t{0};
    }
    return errno != 0 ? systemFailure(errno)
                      : failure(ErrorKind::Unreachable, "TLS failed while sending: " + tlsReason());
}

Result<std::size_t> Connection::read(std::string& into, bool& closed) {
    char buffer[16384];
    closed = false;
    if (m_tls == nullptr) {
        const ssize_t count = recv(m_socket, buffer, sizeof buffer, 0);
        if (count > 0) {
            into.append(buffer, static_cast<std::size_t>(count));
            return static_cast<std::size_t>(count);
        }
        closed = count == 0;
        if (count < 0 && errno != EAGAIN && errno != EINTR) {
            return systemFailure(errno);
        }
        return std::size_t{0};
    }
    ERR_clear_error();
    errno = 0;
    std::size_t count = 0;
    const int done = SSL_read_ex(m_tls, buffer, sizeof buffer, &count);
    if (done == 1) {
        into.append(buffer, count);
        return count;
    }
    const int code = SSL_get_error(m_tls, done);
    if (code == SSL_ERROR_ZERO_RETURN) {
        closed = true;
        return std::size_t{0};
    }
    if (code == SSL_ERROR_WANT_READ || code == SSL_ERROR_WANT_WRITE) {
        return std::size_t{0};
    }
    if (errno != 0) {
        return systemFailure(errno);
    }
    return failure(ErrorKind::Unreachable, "TLS ended without notice or failed: " + tlsReason());
}

} // namespace gatehouse::probe
