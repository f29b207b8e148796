#include "tests/support/ScriptedServer.h"

#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::test {
namespace {

/// A blocking byte stream over a socket, with TLS or without. A socket timeout keeps every call short.
class Stream {
public:
    Stream(int socket, SSL_CTX* context) : m_socket(socket) {
        const timeval patience{0, 200'000};
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (context != nullptr) {
            m_tls = SSL_new(context);
            SSL_set_fd(m_tls, socket);
        }
    }

    ~Stream() {
        SSL_free(m_tls);
        ::close(m_socket);
    }

    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    bool start() { return m_tls == nullptr || SSL_accept(m_tls) == 1; }

    /// Bytes read; 0 at the end or when nothing came in time.
    int read(char* buffer, int size) {
        return m_tls == nullptr ? static_cast<int>(recv(m_socket, buffer, static_cast<std::size_t>(size), 0))
                                : SSL_read(m_tls, buffer, size);
    }

    bool write(const std::string& bytes) {
        std::size_t done = 0;
        while (done < bytes.size()) {
            const int left = static_cast<int>(bytes.size() - done);
            const int count = m_tls == nullptr ? static_cast<int>(send(m_socket, bytes.data() + done,
                                                                       static_cast<std::size_t>(left), MSG_NOSIGNAL))
                                               : SSL_write(m_tls, bytes.data() + done, left);
            if (count <= 0) {
                return false;
            }
            done += static_cast<std::size_t>(count);
        }
        return true;
    }

    void close() {
        if (m_tls != nullptr) {
            SSL_shutdown(m_tls);
        }
        shutdown(m_socket, SHUT_WR);
        char rest[4096];
        for (int i = 0; i < 5 && recv(m_socket, rest, sizeof rest, 0) > 0; ++i) {
        }
    }

    void reset() {
        const linger hard{1, 0};
        setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }

    [[nodiscard]] bool peerIsGone() const {
        char byte = 0;
        return recv(m_socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    }

private:
    int m_socket;
    SSL* m_tls = nullptr;
};

std::string lowered(std::string text) {
    for (char& c : text) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return text;
}

/// Reads one request; false if none came.
bool readRequest(Stream& stream, const std::stop_token& stop, ScriptedServer::Request& request) {
    std::string bytes;
    char buffer[8192];
    std::size_t end = std::string::npos;
    std::size_t length = 0;
    for (int rounds = 0; rounds < 50 && !stop.stop_requested(); ++rounds) {
        const int count = stream.read(buffer, sizeof buffer);
        if (count == 0) {
            return false;
        }
        if (count > 0) {
            bytes.append(buffer, static_cast<std::size_t>(count));
        }
        end = bytes.find("\r\n\r\n");
        if (end == std::string::npos) {
            continue;
        }
        const std::size_t field = lowered(bytes.substr(0, end)).find("content-length: ");
        length = field == std::string::npos ? 0 : std::stoul(bytes.substr(field + 16, 9));
        if (bytes.size() >= end + 4 + length) {
            break;
        }
    }
    if (end == std::string::npos) {
        return false;
    }
    request.head = bytes.substr(0, end + 2);
    request.body = bytes.substr(end + 4);
    const std::size_t first = request.head.find(' ');
    request.method = request.head.substr(0, first);
    request.path = request.head.substr(first + 1, request.head.find(' ', first + 1) - first - 1);
    std::size_t line = request.head.find("\r\n") + 2;
    while (line < request.head.size()) {
        const std::size_t next = request.head.find("\r\n", line);
        const std::string text = request.head.substr(line, next - line);
        if (const std::size_t colon = text.find(':'); colon != std::string::npos) {
            request.headers[lowered(text.substr(0, colon))] =
                text.size() > colon + 2 ? text.substr(colon + 2) : std::string();
        }
        line = next + 2;
    }
    return true;
}

} // namespace

ScriptedServer::ScriptedServer(Script script, std::optional<TlsFiles> tls)
    : m_script(std::move(script)),
      m_tls(std::move(tls)) {
    m_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (m_listener < 0 || bind(m_listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        listen(m_listener, 128) != 0 || getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("the scripted server found no port");
    }
    m_port = ntohs(address.sin_port);
    m_acceptor = std::jthread([this](const std::stop_token& stop) { accept(stop); });
}

ScriptedServer::~ScriptedServer() {
    m_acceptor.request_stop();
    m_acceptor.join();
    for (std::jthread& each : m_connections) {
        each.request_stop();
    }
    m_connections.clear();
    close(m_listener);
}

std::string ScriptedServer::url() const {
    return (m_tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(m_port);
}

std::vector<ScriptedServer::Request> ScriptedServer::requests() const {
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

std::string ScriptedServer::answer(int status, const std::string& body, const std::vector<std::string>& headers) {
    std::string out = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
    for (const std::string& header : headers) {
        out += header + "\r\n";
    }
    return out + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

void ScriptedServer::accept(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        pollfd wanted{m_listener, POLLIN, 0};
        if (poll(&wanted, 1, 50) <= 0) {
            continue;
        }
        const int socket = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket >= 0) {
            m_connections.emplace_back([this, socket](const std::stop_token& ended) { serve(socket, ended); });
        }
    }
}

void ScriptedServer::serve(int socket, const std::stop_token& stop) {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(m_tls ? SSL_CTX_new(TLS_server_method()) : nullptr,
                                                                    &SSL_CTX_free);
    if (m_tls) {
        SSL_CTX_use_certificate_chain_file(context.get(), m_tls->certificate.c_str());
        SSL_CTX_use_PrivateKey_file(context.get(), m_tls->key.c_str(), SSL_FILETYPE_PEM);
    }
    Stream stream(socket, context.get());
    Request request;
    if (!stream.start() || !readRequest(stream, stop, request)) {
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        request.number = m_counts[request.method + " " + request.path]++;
        m_requests.push_back(request);
    }
    const Reply reply = m_script(request);
    if (reply.end == End::Drip) {
        for (std::size_t i = 0; i < reply.bytes.size() && !stop.stop_requested(); ++i) {
            if (!stream.write(reply.bytes.substr(i, 1))) {
                return;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    } else if (!stream.write(reply.bytes)) {
        return;
    }
    switch (reply.end) {
    case End::Endless:
        while (!stop.stop_requested() && stream.write(reply.filler)) {
        }
        break;
    case End::Hang:
        while (!stop.stop_requested() && !stream.peerIsGone()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        break;
    case End::Reset:
        stream.reset();
        break;
    default:
        stream.close();
        break;
    }
}

} // namespace gatehouse::test
