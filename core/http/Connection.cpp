#include "core/http/Connection.h"

#include "core/tls/OpenSsl.h"
#include "core/tls/TlsPolicy.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <sys/socket.h>

namespace gatehouse::http {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = asio::generic::stream_protocol::socket;

namespace {

std::string seconds(std::chrono::steady_clock::duration duration) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

/// What an operation came to, before it is put in words.
struct Outcome {
    error_code code;
    std::size_t bytes = 0;
    bool timedOut = false;
    bool stopped = false;
};

} // namespace

class Connection::Impl {
public:
    explicit Impl(std::string peer) : m_peer(std::move(peer)), m_socket(m_io) {}

    Result<void> connectUnix(const std::string& path, Deadline deadline, std::stop_token stop) {
        if (path.size() >= 108) {
            return failure(ErrorKind::BadRequest, "the socket path " + path + " is too long");
        }
        const asio::local::stream_protocol::endpoint endpoint(path);
        const Outcome outcome = await(deadline, stop, [&](auto done) {
            m_socket.async_connect(endpoint, [done](error_code code) { done(code, 0); });
        });
        return explain(outcome, "cannot connect to " + m_peer);
    }

    Result<void> connectTcp(const Url& url, Deadline deadline, std::stop_token stop) {
        std::vector<asio::ip::tcp::endpoint> endpoints;
        error_code code;
        const auto address = asio::ip::make_address(url.host, code);
        if (!code) {
            endpoints.emplace_back(address, url.port);
        } else {
            asio::ip::tcp::resolver resolver(m_io);
            const Outcome outcome = await(deadline, stop, [&](auto done) {
                resolver.async_resolve(url.host, std::to_string(url.port),
                                       [&endpoints, done](error_code failed, const auto& results) {
                                           for (const auto& entry : results) {
                                               endpoints.push_back(entry.endpoint());
                                           }
                                           done(failed, 0);
                                       });
            });
            if (auto resolved = explain(outcome, "cannot find the address of " + url.host); !resolved) {
                return resolved;
            }
        }
        Result<void> connected = failure(ErrorKind::Unreachable, "cannot connect to " + m_peer);
        for (const auto& endpoint : endpoints) {
            m_socket = Socket(m_io);
            const Outcome outcome = await(deadline, stop, [&](auto done) {
                m_socket.async_connect(endpoint, [done](error_code failed) { done(failed, 0); });
            });
            connected = explain(outcome, "cannot connect to " + m_peer);
            if (connected || outcome.stopped || outcome.timedOut) {
                break;
            }
        }
        const int on = 1;
        ::setsockopt(m_socket.native_handle(), IPPROTO_TCP, 1 /* TCP_NODELAY */, &on, sizeof on);
        return connected;
    }

    Result<void> handshake(const std::string& host, SSL_CTX* context, Deadline deadline, std::stop_token stop) {
        m_tls.emplace(m_socket, SSL_new(context));
        SSL* ssl = m_tls->native_handle();
        if (auto expected = tls::expectHost(ssl, host); !expected) {
            return expected;
        }
        const Outcome outcome = await(deadline, stop, [&](auto done) {
            m_tls->async_handshake(asio::ssl::stream_base::client, [done](error_code code) { done(code, 0); });
        });
        if (!outcome.code || outcome.timedOut || outcome.stopped) {
            return explain(outcome, "no TLS handshake with " + m_peer);
        }
        const long verdict = SSL_get_verify_result(ssl);
        if (verdict != X509_V_OK) {
            return failure(ErrorKind::TlsRejected,
                           "the certificate of " + m_peer +
                               " was not accepted: " + X509_verify_cert_error_string(verdict),
                           verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH
                               ? "use a host name that stands in the certificate"
                               : "give the CA certificate of that server (--ca FILE, or --data of its agent)");
        }
        if (outcome.code.category() == asio::error::get_ssl_category()) {
            return failure(ErrorKind::TlsRejected, "no TLS handshake with " + m_peer + ": " + outcome.code.message(),
                           "check that the URL names an https port");
        }
        return explain(outcome, "the connection to " + m_peer + " broke in the TLS handshake");
    }

    Result<void> write(std::string_view bytes, Deadline deadline, std::stop_token stop) {
        const Outcome outcome = await(deadline, stop, [&](auto done) {
            const auto buffer = asio::buffer(bytes.data(), bytes.size());
            if (m_tls) {
                asio::async_write(*m_tls, buffer, done);
            } else {
                asio::async_write(m_socket, buffer, done);
            }
        });
        return explain(outcome, "the connection to " + m_peer + " broke while the request was sent");
    }

    Result<std::size_t> readSome(char* into, std::size_t size, Deadline deadline, std::stop_token stop) {
        const Outcome outcome = await(deadline, stop, [&](auto done) {
            const auto buffer = asio::buffer(into, size);
            if (m_tls) {
                m_tls->async_read_some(buffer, done);
            } else {
                m_socket.async_read_some(buffer, done);
            }
        });
        if (outcome.code == asio::error::eof && !outcome.stopped && !outcome.timedOut) {
            return 0;
        }
        if (auto read = explain(outcome, "the connection to " + m_peer + " broke while the answer was read"); !read) {
            return failure(std::move(read.error()));
        }
        return outcome.bytes;
    }

    bool looksIdle() {
        char byte = 0;
        return m_socket.is_open() && ::recv(m_socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
               (errno == EAGAIN || errno == EWOULDBLOCK);
    }

private:
    /// Runs one asynchronous operation to its end. `start` is given the completion handler.
    template <typename Start>
    Outcome await(Deadline deadline, const std::stop_token& stop, Start start) {
        auto outcome = std::make_shared<Outcome>();
        auto finished = std::make_shared<bool>(false);
        const auto began = std::chrono::steady_clock::now();
        m_io.restart();
        start([outcome, finished](error_code code, std::size_t bytes) {
            outcome->code = code;
            outcome->bytes = bytes;
            *finished = true;
        });
        const std::stop_callback wake(stop, [this] { asio::post(m_io, [this] { close(); }); });
        while (!*finished) {
            m_io.run_one_until(deadline);
            if (!*finished && !outcome->timedOut && std::chrono::steady_clock::now() >= deadline) {
                outcome->timedOut = true;
                m_waited = deadline - began;
                close();
                deadline = Deadline::max();
            }
        }
        outcome->stopped = stop.stop_requested();
        return *outcome;
    }

    void close() {
        error_code ignored;
        m_socket.close(ignored);
    }

    Result<void> explain(const Outcome& outcome, const std::string& what) const {
        if (outcome.stopped && outcome.code) {
            return failure(ErrorKind::Cancelled, "the call to " + m_peer + " was cancelled");
        }
        if (outcome.timedOut) {
            return failure(ErrorKind::Timeout, what + ": nothing came of it within " + seconds(m_waited));
        }
        if (outcome.code) {
            return failure(ErrorKind::Unreachable, what + ": " + outcome.code.message());
        }
        return {};
    }

    std::string m_peer;
    asio::io_context m_io{1};
    Socket m_socket;
    std::optional<asio::ssl::stream<Socket&>> m_tls;
    std::chrono::steady_clock::duration m_waited{};
};

Connection::Connection(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::open(const Url& url, const std::string& unixSocket, ssl_ctx_st* context,
                                                     Deadline deadline, std::stop_token stop) {
    auto impl = std::make_unique<Impl>(unixSocket.empty() ? url.authority() : unixSocket);
    Result<void> ready =
        unixSocket.empty() ? impl->connectTcp(url, deadline, stop) : impl->connectUnix(unixSocket, deadline, stop);
    if (ready && url.tls && unixSocket.empty()) {
        ready = impl->handshake(url.host, context, deadline, stop);
    }
    if (!ready) {
        return failure(std::move(ready.error()));
    }
    return std::unique_ptr<Connection>(new Connection(std::move(impl)));
}

Result<void> Connection::write(std::string_view bytes, Deadline deadline, std::stop_token stop) {
    return m_impl->write(bytes, deadline, stop);
}

Result<std::size_t> Connection::readSome(char* into, std::size_t size, Deadline deadline, std::stop_token stop) {
    return m_impl->readSome(into, size, deadline, stop);
}

bool Connection::looksIdle() {
    return m_impl->looksIdle();
}

} // namespace gatehouse::http
