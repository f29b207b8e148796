#pragma once

#include "core/json/Json.h"

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <mutex>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace gatehouse::test {

/// A model server for tests that writes down every request that reached it, byte by byte. It is deliberately lenient:
/// whatever got past the gateway is to be seen, and not refused by a second guard.
class RecordingUpstream {
public:
    struct Seen {
        std::string head; ///< request line and header, as sent
        std::string body;
    };

    RecordingUpstream() {
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(m_listener, reinterpret_cast<sockaddr*>(&address), size);
        ::listen(m_listener, 128);
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size);
        m_port = ntohs(address.sin_port);
        m_acceptor = std::jthread([this](const std::stop_token& stop) { accept(stop); });
    }

    ~RecordingUpstream() {
        m_acceptor.request_stop();
        m_acceptor.join();
        m_connections.clear();
        ::close(m_listener);
    }

    RecordingUpstream(const RecordingUpstream&) = delete;
    RecordingUpstream& operator=(const RecordingUpstream&) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port; }

    /// Everything since the last call.
    [[nodiscard]] std::vector<Seen> take() {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_seen, {});
    }

    [[nodiscard]] std::size_t count() const {
        const std::lock_guard lock(m_mutex);
        return m_seen.size();
    }

    std::atomic<int> streamPauseMs{200};
    std::atomic<int> answerDelayMs{0};
    std::atomic<int> answerFillerBytes{0};

private:
    void accept(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            pollfd watched{m_listener, POLLIN, 0};
            if (::poll(&watched, 1, 50) > 0) {
                const int connection = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
                m_connections.emplace_back(
                    [this, connection](const std::stop_token& ended) { serve(connection, ended); });
            }
        }
    }

    static bool readMore(int connection, std::string& buffer, const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            pollfd watched{connection, POLLIN, 0};
            if (::poll(&watched, 1, 50) <= 0) {
                continue;
            }
            char chunk[65536];
            const ssize_t count = ::read(connection, chunk, sizeof chunk);
            if (count <= 0) {
                return false;
            }
            buffer.append(chunk, static_cast<std::size_t>(count));
            return true;
        }
        return false;
    }

    static std::string lower(std::string text) {
        std::transform(text.begin(), text.end(), text.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        return text;
    }

    static std::size_t lengthIn(const std::string& head) {
        const std::size_t at = lower(head).find("content-length:");
        return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 15, nullptr, 10);
    }

    /// Reads one chunked body off the front of `buffer`.
    bool readChunks(int connection, std::string& buffer, std::string& body, const std::stop_token& stop) {
        for (;;) {
            std::size_t end = 0;
            while ((end = buffer.find("\r\n")) == std::string::npos) {
                if (!readMore(connection, buffer, stop)) {
                    return false;
                }
            }
            const std::size_t size = std::strtoul(buffer.c_str(), nullptr, 16);
            while (buffer.size() < end + 2 + size + 2) {
                if (!readMore(connection, buffer, stop)) {
                    return false;
                }
            }
            body.append(buffer, end + 2, size);
            buffer.erase(0, end + 2 + size + 2);
            if (size == 0) {
                return true;
            }
        }
    }

    void serve(int connection, const std::stop_token& stop) {
        std::string buffer;
        for (bool alive = true; alive;) {
            std::size_t end = 0;
            while (alive && (end = buffer.find("\r\n\r\n")) == std::string::npos) {
                alive = readMore(connection, buffer, stop);
            }
            if (!alive) {
                break;
            }
            Seen seen{buffer.substr(0, end + 2), {}};
            buffer.erase(0, end + 4);
            if (lower(seen.head).find("transfer-encoding: chunked") != std::string::npos) {
                alive = readChunks(connection, buffer, seen.body, stop);
            } else {
                const std::size_t length = lengthIn(seen.head);
                while (alive && buffer.size() < length) {
                    alive = readMore(connection, buffer, stop);
                }
                seen.body = buffer.substr(0, length);
                buffer.erase(0, length);
            }
            const bool stream = seen.body.find(R"("stream":true)") != std::string::npos;
            {
                const std::lock_guard lock(m_mutex);
                m_seen.push_back(std::move(seen));
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(answerDelayMs.load()));
            stream ? sendStream(connection)
                   : sendAnswer(connection, static_cast<std::size_t>(answerFillerBytes.load()));
        }
        ::close(connection);
    }

    static void sendAll(int connection, std::string_view text) {
        while (!text.empty()) {
            const ssize_t count = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
            if (count <= 0) {
                return;
            }
            text.remove_prefix(static_cast<std::size_t>(count));
        }
    }

    static void sendAnswer(int connection, std::size_t filler) {
        const std::string body = R"({"object":"chat.completion","filler":")" + std::string(filler, 'y') +
                                 R"(","usage":{"prompt_tokens":11,"completion_tokens":7}})";
        sendAll(connection, "HTTP/1.1 200 OK\r\nServer: recording-upstream\r\nContent-Type: application/json\r\n"
                            "X-Gatehouse-Denied: forged\r\nContent-Length: " +
                                std::to_string(body.size()) + "\r\n\r\n" + body);
    }

    void sendStream(int connection) const {
        sendAll(connection, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (const char* event :
             {R"({"choices":[{"delta":{"content":"one"}}]})", R"({"choices":[{"delta":{"content":"two"}}]})",
              R"({"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}})", "[DONE]"}) {
            const std::string data = "data: " + std::string(event) + "\n\n";
            char size[16];
            std::snprintf(size, sizeof size, "%zx\r\n", data.size());
            sendAll(connection, size + data + "\r\n");
            std::this_thread::sleep_for(std::chrono::milliseconds(streamPauseMs.load()));
        }
        sendAll(connection, "0\r\n\r\n");
    }

    int m_listener = -1;
    std::uint16_t m_port = 0;
    mutable std::mutex m_mutex; ///< guards m_seen
    std::vector<Seen> m_seen;
    std::vector<std::jthread> m_connections;
    std::jthread m_acceptor;
};

} // namespace gatehouse::test
