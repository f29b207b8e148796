#pragma once

#include <arpa/inet.h>
#include <chrono>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::test {

/// A connection to 127.0.0.1 that sends exactly the bytes it is given: over TLS, or plain.
class RawConnection {
public:
    RawConnection(std::uint16_t port, const std::string& protocol /* "http/1.1", "h2", or "" for plain */) {
        m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        m_open = ::connect(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        const timeval patience{10, 0};
        ::setsockopt(m_socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (m_open && !protocol.empty()) {
            ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
            m_context = SSL_CTX_new(TLS_client_method());
            m_tls = SSL_new(m_context);
            const std::string offer = static_cast<char>(protocol.size()) + protocol;
            SSL_set_alpn_protos(m_tls, reinterpret_cast<const unsigned char*>(offer.data()),
                                static_cast<unsigned>(offer.size()));
            SSL_set_fd(m_tls, m_socket);
            m_open = SSL_connect(m_tls) == 1;
        }
        ::fcntl(m_socket, F_SETFL, ::fcntl(m_socket, F_GETFL) | O_NONBLOCK);
    }

    ~RawConnection() {
        SSL_free(m_tls);
        SSL_CTX_free(m_context);
        ::close(m_socket);
    }

    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;

    [[nodiscard]] bool isOpen() const { return m_open; }

    /// Sends as much as the peer takes.
    void send(std::string_view bytes) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (m_open && !bytes.empty() && std::chrono::steady_clock::now() < end) {
            const long count = m_tls != nullptr ? SSL_write(m_tls, bytes.data(), static_cast<int>(bytes.size()))
                                                : ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count > 0) {
                bytes.remove_prefix(static_cast<std::size_t>(count));
            } else if (!waitFor(POLLOUT, count)) {
                m_open = false;
            }
        }
    }

    /// What comes within `patience`; no value: the connection was closed and everything is read.
    [[nodiscard]] std::optional<std::string> receive(std::chrono::milliseconds patience) {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (m_open) {
            char chunk[16384];
            const long count =
                m_tls != nullptr ? SSL_read(m_tls, chunk, sizeof chunk) : ::recv(m_socket, chunk, sizeof chunk, 0);
            if (count > 0) {
                return std::string(chunk, static_cast<std::size_t>(count));
            }
            const bool again = m_tls != nullptr ? SSL_get_error(m_tls, static_cast<int>(count)) == SSL_ERROR_WANT_READ
                                                : count < 0 && (errno == EAGAIN || errno == EINTR);
            if (!again) {
                m_open = false;
                break;
            }
            if (std::chrono::steady_clock::now() >= end) {
                return std::string();
            }
            pollfd watched{m_socket, POLLIN, 0};
            ::poll(&watched, 1, 10);
        }
        return std::nullopt;
    }

private:
    bool waitFor(short what, long result) {
        const bool again = m_tls != nullptr ? SSL_get_error(m_tls, static_cast<int>(result)) == SSL_ERROR_WANT_WRITE ||
                                                  SSL_get_error(m_tls, static_cast<int>(result)) == SSL_ERROR_WANT_READ
                                            : errno == EAGAIN || errno == EINTR;
        pollfd watched{m_socket, what, 0};
        ::poll(&watched, 1, 10);
        return again;
    }

    int m_socket = -1;
    bool m_open = false;
    SSL_CTX* m_context = nullptr;
    SSL* m_tls = nullptr;
};

} // namespace gatehouse::test
