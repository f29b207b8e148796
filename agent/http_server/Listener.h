#pragma once

#include "core/result/Result.h"

#include <cstdint>
#include <string>

namespace gatehouse::http_server {

/// A non-blocking listening socket, TCP or Unix. Closes it, and removes the Unix socket's file, when it dies.
class Listener {
public:
    [[nodiscard]] static Result<Listener> tcp(const std::string& address, std::uint16_t port);
    /// The file gets mode 0600 before anybody can connect. A socket that nobody serves any more is replaced.
    [[nodiscard]] static Result<Listener> unixSocket(const std::string& path);

    Listener(Listener&& other) noexcept;
    Listener& operator=(Listener&&) = delete;
    Listener(const Listener&) = delete;
    ~Listener();

    [[nodiscard]] int descriptor() const { return m_descriptor; }

    [[nodiscard]] std::uint16_t port() const { return m_port; }

    [[nodiscard]] int family() const { return m_family; }

    struct Accepted {
        int descriptor = -1; ///< -1: nobody waits, or `error` is set
        int error = 0;       ///< errno when accepting failed for want of resources
        std::string peer;
    };

    [[nodiscard]] Accepted accept() const;

private:
    Listener(int descriptor, int family) : m_descriptor(descriptor), m_family(family) {}

    int m_descriptor;
    int m_family;
    std::uint16_t m_port = 0;
    std::string m_path;
};

} // namespace gatehouse::http_server
