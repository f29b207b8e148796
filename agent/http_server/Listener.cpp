#include "agent/http_server/Listener.h"

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <functional>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace gatehouse::http_server {
namespace {

constexpr int Backlog = 512;

union AnyAddress {
    sockaddr base;
    sockaddr_in v4;
    sockaddr_in6 v6;
    sockaddr_un local;
};

bool parseAddress(const std::string& text, std::uint16_t port, AnyAddress& out, socklen_t& size) {
    std::memset(&out, 0, sizeof out);
    if (inet_pton(AF_INET, text.c_str(), &out.v4.sin_addr) == 1) {
        out.v4.sin_family = AF_INET;
        out.v4.sin_port = htons(port);
        size = sizeof out.v4;
        return true;
    }
    if (inet_pton(AF_INET6, text.c_str(), &out.v6.sin6_addr) == 1) {
        out.v6.sin6_family = AF_INET6;
        out.v6.sin6_port = htons(port);
        size = sizeof out.v6;
        return true;
    }
    return false;
}

std::string describe(const AnyAddress& address) {
    char text[INET6_ADDRSTRLEN] = "";
    if (address.base.sa_family == AF_INET) {
        inet_ntop(AF_INET, &address.v4.sin_addr, text, sizeof text);
        return std::string(text) + ":" + std::to_string(ntohs(address.v4.sin_port));
    }
    if (address.base.sa_family == AF_INET6) {
        inet_ntop(AF_INET6, &address.v6.sin6_addr, text, sizeof text);
        return "[" + std::string(text) + "]:" + std::to_string(ntohs(address.v6.sin6_port));
    }
    return "unix";
}

/// A process that was just killed may hold its descriptors for a moment after it is gone from the process table.
constexpr int HeldTries = 20;
constexpr auto HeldPause = std::chrono::milliseconds(50);

/// True as soon as `isFree` says so; false when it has not for a second.
bool becomesFree(const std::function<bool()>& isFree) {
    for (int left = HeldTries; left > 0; --left) {
        if (isFree()) {
            return true;
        }
        std::this_thread::sleep_for(HeldPause);
    }
    return isFree();
}

/// Whether a live server answers on the socket file.
bool isServed(const AnyAddress& address, socklen_t size) {
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool served = probe >= 0 && ::connect(probe, &address.base, size) == 0;
    if (probe >= 0) {
        ::close(probe);
    }
    return served;
}

} // namespace

Listener::Listener(Listener&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_family(other.m_family),
      m_port(other.m_port),
      m_path(std::exchange(other.m_path, {})) {}

Listener::~Listener() {
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
    if (!m_path.empty()) {
        ::unlink(m_path.c_str());
    }
}

Result<Listener> Listener::tcp(const std::string& address, std::uint16_t port) {
    AnyAddress where;
    socklen_t size = 0;
    if (!parseAddress(address, port, where, size)) {
        return failure(ErrorKind::BadRequest, "'" + address + "' is no IP address to listen on", "use 127.0.0.1");
    }
    Listener listener(::socket(where.base.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
                      where.base.sa_family);
    const int on = 1;
    ::setsockopt(listener.m_descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    int code = 0;
    const auto bound = [&] {
        code = ::bind(listener.m_descriptor, &where.base, size) == 0 ? 0 : errno;
        return code != EADDRINUSE;
    };
    if (!becomesFree(bound) || code != 0 || ::listen(listener.m_descriptor, Backlog) != 0) {
        code = code != 0 ? code : errno;
        return failure(ErrorKind::Unreachable, "cannot listen on " + describe(where) + ": " + std::strerror(code),
                       code == EADDRINUSE ? "another program uses the port; stop it or choose another port"
                                          : "choose another address or port");
    }
    socklen_t boundSize = sizeof where;
    ::getsockname(listener.m_descriptor, &where.base, &boundSize);
    listener.m_port = ntohs(where.base.sa_family == AF_INET6 ? where.v6.sin6_port : where.v4.sin_port);
    return listener;
}

Result<Listener> Listener::unixSocket(const std::string& path) {
    AnyAddress where;
    std::memset(&where, 0, sizeof where);
    if (path.size() >= sizeof where.local.sun_path) {
        return failure(ErrorKind::Storage, "the socket path " + path + " is longer than 107 bytes",
                       "choose a data folder with a shorter path");
    }
    where.local.sun_family = AF_UNIX;
    std::memcpy(where.local.sun_path, path.data(), path.size());

    struct stat info {};

    if (::lstat(path.c_str(), &info) == 0) {
        if (!S_ISSOCK(info.st_mode)) {
            return failure(ErrorKind::Storage, path + " exists and is no socket", "remove it");
        }
        if (!becomesFree([&] { return !isServed(where, sizeof where.local); })) {
            return failure(ErrorKind::AlreadyExists, "another program serves the socket " + path,
                           "is the agent already running?");
        }
        ::unlink(path.c_str());
    }
    Listener listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), AF_UNIX);
    bool ready = ::bind(listener.m_descriptor, &where.base, sizeof where.local) == 0;
    if (ready) {
        listener.m_path = path;
        ready = ::chmod(path.c_str(), 0600) == 0 && ::listen(listener.m_descriptor, Backlog) == 0;
    }
    if (!ready) {
        return failure(ErrorKind::Storage, "cannot listen on the socket " + path + ": " + std::strerror(errno),
                       "check the owner and the mode of its folder");
    }
    return listener;
}

Listener::Accepted Listener::accept() const {
    AnyAddress from;
    std::memset(&from, 0, sizeof from);
    socklen_t size = sizeof from;
    Accepted accepted;
    accepted.descriptor = ::accept4(m_descriptor, &from.base, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted.descriptor < 0) {
        const bool wait = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        accepted.error = wait ? errno : 0;
        return accepted;
    }
    if (m_family != AF_UNIX) {
        const int on = 1;
        ::setsockopt(accepted.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    accepted.peer = describe(from);
    return accepted;
}

} // namespace gatehouse::http_server
