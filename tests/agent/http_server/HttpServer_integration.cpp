#include "agent/http_server/HttpServer.h"

#include "core/http/HttpClient.h"
#include "core/tls/LocalCa.h"
#include "tests/support/TemporaryFolder.h"

#include <arpa/inet.h>
#include <atomic>
#include <fstream>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace gatehouse::http_server {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

/// A raw TCP connection to the loopback.
class RawClient {
public:
    explicit RawClient(std::uint16_t port) : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(m_fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }

    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    ~RawClient() { ::close(m_fd); }

    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return;
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    /// Everything until the other side closes or `patience` passes without a byte; `closed` says which.
    std::string readAll(milliseconds patience, bool& closed) const {
        std::string got;
        closed = false;
        char chunk[65536];
        pollfd waiting{m_fd, POLLIN, 0};
        while (::poll(&waiting, 1, static_cast<int>(patience.count())) > 0) {
            const ssize_t count = ::recv(m_fd, chunk, sizeof chunk, 0);
            if (count <= 0) {
                closed = true;
                break;
            }
            got.append(chunk, static_cast<std::size_t>(count));
        }
        return got;
    }

    [[nodiscard]] int fd() const { return m_fd; }

private:
    int m_fd;
};

std::size_t residentKiB() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) {
            return std::stoul(line.substr(6));
        }
    }
    return 0;
}

Response textResponse(std::string body) {
    Response response;
    response.headers.set("Content-Type", "text/plain");
    response.body = std::move(body);
    return response;
}

std::unique_ptr<HttpServer> startPlain(Options options, Handler handler) {
    auto server = HttpServer::start(std::move(options), std::move(handler));
    EXPECT_TRUE(server) << server.error().describe();
    return std::move(*server);
}

http::ClientOptions clientFor(const HttpServer& server) {
    http::ClientOptions options;
    options.baseUrl = "http://127.0.0.1:" + std::to_string(server.port());
    return options;
}

class TlsServer : public testing::Test {
protected:
    void SetUp() override {
        auto ca = tls::LocalCa::openOrCreate(m_folder.path(), m_clock);
        ASSERT_TRUE(ca) << ca.error().describe();
        m_caPem = ca->certificatePem();
        auto identity = ca->ensureServer("server", tls::localHosts());
        ASSERT_TRUE(identity) << identity.error().describe();
        m_identity = std::move(identity->identity);
    }

    std::unique_ptr<HttpServer> start(Limits limits, Handler handler) {
        Options options;
        options.limits = limits;
        options.identity = std::move(m_identity);
        return startPlain(std::move(options), std::move(handler));
    }

    http::ClientOptions client(const HttpServer& server) const {
        http::ClientOptions options;
        options.baseUrl = "https://127.0.0.1:" + std::to_string(server.port());
        options.caPem = m_caPem;
        return options;
    }

    test::TemporaryFolder m_folder;
    SystemClock m_clock;
    std::string m_caPem;
    tls::Identity m_identity;
};

TEST_F(TlsServer, ServesManyRequestsOnKeptConnections) {
    auto server = start({}, [](const Request& request, std::stop_token) {
        return textResponse(request.method + " " + request.path + " " + request.body);
    });
    http::HttpClient client(this->client(*server));
    for (int i = 0; i < 50; ++i) {
        http::Request request{"POST", "/n", {}, std::string(static_cast<std::size_t>(i) * 1000, 'x')};
        const auto response = client.send(request);
        ASSERT_TRUE(response) << response.error().describe();
        EXPECT_EQ(response->status, 200);
        EXPECT_EQ(response->body, "POST /n " + request.body);
    }
    EXPECT_EQ(server->counters().connections, 1U);
    EXPECT_EQ(server->counters().requests, 50U);
}

TEST_F(TlsServer, RefusesWrongCaAndWrongName) {
    auto server = start({}, [](const Request&, std::stop_token) { return textResponse("secret"); });
    test::TemporaryFolder otherFolder;
    auto other = tls::LocalCa::openOrCreate(otherFolder.path(), m_clock);
    ASSERT_TRUE(other);
    auto options = client(*server);
    options.caPem = other->certificatePem();
    const auto wrongCa = http::HttpClient(std::move(options)).send({});
    ASSERT_FALSE(wrongCa);
    EXPECT_EQ(wrongCa.error().kind, ErrorKind::TlsRejected) << wrongCa.error().describe();

    auto byName = client(*server);
    byName.baseUrl = "https://127.0.0.2:" + std::to_string(server->port());
    const auto wrongName = http::HttpClient(std::move(byName)).send({});
    ASSERT_FALSE(wrongName);
    // 127.0.0.2 reaches nobody when the server listens on 127.0.0.1 only; both are a refusal to talk.
    EXPECT_TRUE(wrongName.error().kind == ErrorKind::TlsRejected || wrongName.error().kind == ErrorKind::Unreachable);

    auto plain = client(*server);
    plain.baseUrl = "http://127.0.0.1:" + std::to_string(server->port());
    EXPECT_FALSE(http::HttpClient(std::move(plain)).send({}));
}

TEST_F(TlsServer, TwoHundredHalfOpenConnectionsBlockNobody) {
    Limits limits;
    limits.headerTimeout = 1500ms;
    auto server = start(limits, [](const Request&, std::stop_token) { return textResponse("here"); });
    std::vector<std::unique_ptr<RawClient>> silent;
    for (int i = 0; i < 200; ++i) {
        silent.push_back(std::make_unique<RawClient>(server->port()));
        if (i % 2 == 0) {
            silent.back()->send("\x16\x03\x01\x02");
        }
    }
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) {
        http::HttpClient client(this->client(*server));
        const auto response = client.send({});
        ASSERT_TRUE(response) << response.error().describe();
        EXPECT_EQ(response->body, "here");
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
    for (int i = 0; i < 100 && server->counters().connections > 0; ++i) {
        std::this_thread::sleep_for(50ms);
    }
    EXPECT_EQ(server->counters().connections, 0U) << "half-open connections were not dropped";
}

TEST(HttpServer, FullHouseGivesRoomToWhoeverAsks) {
    Options options;
    options.limits.connections = 32;
    auto server = startPlain(std::move(options), [](const Request&, std::stop_token) { return textResponse("here"); });
    std::vector<std::unique_ptr<RawClient>> silent;
    for (int i = 0; i < 64; ++i) {
        silent.push_back(std::make_unique<RawClient>(server->port()));
    }
    http::HttpClient client(clientFor(*server));
    const auto response = client.send({});
    ASSERT_TRUE(response) << response.error().describe();
    EXPECT_EQ(response->body, "here");
    EXPECT_LE(server->counters().connections, 32U);
}

TEST(HttpServer, SlowHeaderAndSlowBodyEndInTime) {
    Options options;
    options.limits.headerTimeout = 300ms;
    options.limits.bodyTimeout = 300ms;
    std::atomic<int> handled{0};
    auto server = startPlain(std::move(options), [&handled](const Request&, std::stop_token) {
        ++handled;
        return textResponse("x");
    });
    const RawClient header(server->port());
    header.send("GET / HTTP/1.1\r\nHo");
    const RawClient body(server->port());
    body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
    bool closed = false;
    EXPECT_TRUE(header.readAll(3s, closed).starts_with("HTTP/1.1 408"));
    EXPECT_TRUE(closed);
    EXPECT_TRUE(body.readAll(3s, closed).starts_with("HTTP/1.1 408"));
    EXPECT_TRUE(closed);
    EXPECT_EQ(handled, 0);
}

TEST(HttpServer, RefusalClosesTheConnectionAndNothingBehindItIsRead) {
    std::atomic<int> handled{0};
    auto server = startPlain({}, [&handled](const Request&, std::stop_token) {
        ++handled;
        return textResponse("x");
    });
    const std::string smuggled = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n";
    const std::vector<std::string> hostile{
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1600000\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n",
    };
    for (const auto& request : hostile) {
        const RawClient client(server->port());
        client.send(request + smuggled);
        bool closed = false;
        const std::string answer = client.readAll(3s, closed);
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 4")) << request.substr(0, 80) << " -> " << answer.substr(0, 100);
        EXPECT_TRUE(closed) << request.substr(0, 80);
        EXPECT_EQ(answer.find("HTTP/1.1 ", 5), std::string::npos) << "a second answer came";
    }
    EXPECT_EQ(handled, 0);
    EXPECT_EQ(server->counters().refused, hostile.size());
}

TEST(HttpServer, GiantHeaderIsCutWithoutMemory) {
    auto server = startPlain({}, [](const Request&, std::stop_token) { return textResponse("x"); });
    const std::size_t before = residentKiB();
    const RawClient client(server->port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
    const std::string block(1U << 20, 'x');
    for (int i = 0; i < 64; ++i) {
        client.send(block);
    }
    bool closed = false;
    (void)client.readAll(3s, closed);
    EXPECT_TRUE(closed);
    EXPECT_LT(residentKiB(), before + 16 * 1024);
}

TEST(HttpServer, AdmitRefusesBeforeTheBody) {
    Options options;
    options.admit = [](const Request& request) -> std::optional<http::Response> {
        if (request.headers.value("Authorization") == "Bearer right") {
            return std::nullopt;
        }
        return http::Response{401, {}, "no"};
    };
    std::atomic<int> handled{0};
    auto server = startPlain(std::move(options), [&handled](const Request&, std::stop_token) {
        ++handled;
        return textResponse("in");
    });
    const RawClient client(server->port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
    bool closed = false;
    EXPECT_TRUE(client.readAll(3s, closed).starts_with("HTTP/1.1 401"));
    EXPECT_TRUE(closed);
    auto good = clientFor(*server);
    good.token = Secret::copyOf("right");
    const auto response = http::HttpClient(std::move(good)).send({"POST", "/", {}, "b"});
    ASSERT_TRUE(response) << response.error().describe();
    EXPECT_EQ(response->body, "in");
    EXPECT_EQ(handled, 1);
}

TEST(HttpServer, ExpectContinueIsAnswered) {
    auto server = startPlain({}, [](const Request& request, std::stop_token) { return textResponse(request.body); });
    const RawClient client(server->port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    bool closed = false;
    EXPECT_EQ(client.readAll(300ms, closed), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("abc");
    EXPECT_TRUE(client.readAll(300ms, closed).ends_with("\r\n\r\nabc"));
    EXPECT_FALSE(closed);
}

TEST(HttpServer, ClientThatLeavesStopsItsHandler) {
    std::atomic<bool> stopped{false};
    std::atomic<bool> running{false};
    auto server = startPlain({}, [&](const Request&, std::stop_token stop) {
        running = true;
        for (int i = 0; i < 500 && !stop.stop_requested(); ++i) {
            std::this_thread::sleep_for(10ms);
        }
        stopped = stop.stop_requested();
        return textResponse("late");
    });
    {
        const RawClient client(server->port());
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        while (!running) {
            std::this_thread::sleep_for(5ms);
        }
    }
    for (int i = 0; i < 200 && !stopped; ++i) {
        std::this_thread::sleep_for(10ms);
    }
    EXPECT_TRUE(stopped);
}

/// Every stream sends the same numbered lines until told to stop or cut.
struct Broadcast {
    std::atomic<int> lagged{0};

    Response operator()(int lines, std::size_t size, milliseconds pause) {
        Response response;
        response.stream = [this, lines, size, pause](StreamWriter& writer, std::stop_token stop) {
            for (int i = 0; i < lines && !stop.stop_requested(); ++i) {
                if (!writer.write(std::to_string(i) + " " + std::string(size, 'x') + "\n")) {
                    if (writer.lagging()) {
                        ++lagged;
                        writer.finish("lagged\n");
                    }
                    return;
                }
                std::this_thread::sleep_for(pause);
            }
        };
        return response;
    }
};

// 18 MB a watcher: more than the kernel's buffers and the limit together hold; slow enough for sanitizers to keep up.
TEST_F(TlsServer, SlowWatcherIsCutAlone) {
    Broadcast broadcast;
    constexpr int Lines = 300;
    auto server = start({}, [&broadcast](const Request&, std::stop_token) { return broadcast(Lines, 60'000, 8ms); });
    const std::size_t before = residentKiB();
    std::atomic<int> healthy{0};
    std::atomic<bool> slowSawEnd{false};
    std::vector<std::jthread> readers;
    for (int i = 0; i < 5; ++i) {
        readers.emplace_back([&, i] {
            http::HttpClient client(this->client(*server));
            int seen = 0;
            std::string last;
            const http::StreamHandlers handlers{.opened = {}, .line = [&](std::string_view line) {
                                                    last = std::string(line.substr(0, 10));
                                                    if (i < 1 && seen == 0) {
                                                        std::this_thread::sleep_for(4000ms);
                                                    }
                                                    ++seen;
                                                    return true;
                                                }};
            const auto result = client.stream({}, handlers);
            if (i >= 1 && result && seen == Lines) {
                ++healthy;
            }
            if (i < 1 && last == "lagged") {
                slowSawEnd = true;
            }
        });
    }
    readers.clear();
    EXPECT_EQ(healthy, 4);
    EXPECT_EQ(broadcast.lagged, 1);
    EXPECT_TRUE(slowSawEnd);
    EXPECT_LT(residentKiB(), before + 64 * 1024);
}

TEST_F(TlsServer, WatchFanOutReachesEveryWatcherInOrder) {
    Broadcast broadcast;
    auto server = start({}, [&broadcast](const Request&, std::stop_token) { return broadcast(20, 200, 5ms); });
    std::atomic<int> complete{0};
    {
        std::vector<std::jthread> readers;
        for (int i = 0; i < 60; ++i) {
            readers.emplace_back([&] {
                http::HttpClient client(this->client(*server));
                int expected = 0;
                const http::StreamHandlers handlers{.opened = {}, .line = [&](std::string_view line) {
                                                        return line.starts_with(std::to_string(expected++) + " ");
                                                    }};
                if (client.stream({}, handlers) && expected == 20) {
                    ++complete;
                }
            });
        }
    }
    EXPECT_EQ(complete, 60);
}

TEST_F(TlsServer, StopWakesAStreamingClientAtOnce) {
    auto server = start({}, [](const Request&, std::stop_token) {
        Response response;
        response.stream = [](StreamWriter& writer, std::stop_token stop) {
            (void)writer.write("first\n");
            while (!stop.stop_requested()) {
                std::this_thread::sleep_for(5ms);
            }
        };
        return response;
    });
    http::HttpClient client(this->client(*server));
    std::stop_source stop;
    std::jthread stopper;
    const auto began = std::chrono::steady_clock::now();
    const http::StreamHandlers handlers{.opened = {}, .line = [&](std::string_view) {
                                            stopper = std::jthread([&stop] {
                                                std::this_thread::sleep_for(100ms);
                                                stop.request_stop();
                                            });
                                            return true;
                                        }};
    const auto result = client.stream({}, handlers, {}, stop.get_token());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::Cancelled);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
    for (int i = 0; i < 200 && server->counters().streams > 0; ++i) {
        std::this_thread::sleep_for(10ms);
    }
    EXPECT_EQ(server->counters().streams, 0U) << "the stream outlived its client";
}

TEST_F(TlsServer, TooManyStreamsAreRefused) {
    Limits limits;
    limits.streams = 1;
    auto server = start(limits, [](const Request&, std::stop_token) {
        Response response;
        response.stream = [](StreamWriter& writer, std::stop_token stop) {
            (void)writer.write("first\n");
            while (!stop.stop_requested()) {
                std::this_thread::sleep_for(5ms);
            }
        };
        return response;
    });
    http::HttpClient client(this->client(*server));
    int second = 0;
    const http::StreamHandlers handlers{.opened = {}, .line = [&](std::string_view) {
                                            const auto refused = client.send({});
                                            second = refused ? refused->status : -1;
                                            return false;
                                        }};
    (void)client.stream({}, handlers);
    EXPECT_EQ(second, 429);
}

TEST(HttpServer, UnixSocketWithLargeBodies) {
    test::TemporaryFolder folder;
    const std::string path = (folder.path() / "authz.sock").string();
    const auto options = [&path] {
        Options made;
        made.unixSocket = path;
        made.limits.bodyBytes = 32U << 20;
        made.handlerThreads = 0;
        return made;
    };
    auto server = startPlain(options(), [](const Request& request, std::stop_token) {
        return textResponse(std::to_string(request.body.size()));
    });

    struct stat info {};

    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
    http::ClientOptions to;
    to.baseUrl = "http://localhost";
    to.unixSocket = path;
    http::HttpClient client(std::move(to));
    const auto large = client.send({"POST", "/", {}, std::string(32U << 20, 'x')});
    ASSERT_TRUE(large) << large.error().describe();
    EXPECT_EQ(large->body, std::to_string(32U << 20));
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 2000; ++i) {
        const auto small = client.send({"POST", "/check", {}, "{}"});
        ASSERT_TRUE(small) << small.error().describe();
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s) << "fewer than 400 requests a second";
    EXPECT_FALSE(HttpServer::start(options(), [](const Request&, std::stop_token) { return textResponse(""); }))
        << "a second server took over a live socket";
    server.reset();
    EXPECT_NE(::stat(path.c_str(), &info), 0) << "the socket file stayed behind";
}

TEST(HttpServer, PortInUseIsNamed) {
    auto server = startPlain({}, [](const Request&, std::stop_token) { return textResponse(""); });
    Options options;
    options.port = server->port();
    const auto second =
        HttpServer::start(std::move(options), [](const Request&, std::stop_token) { return textResponse(""); });
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().message.find(std::to_string(server->port())), std::string::npos);
    EXPECT_FALSE(second.error().hint.empty());
}

TEST(HttpServer, StopsWhileBusy) {
    auto server = startPlain({}, [](const Request& request, std::stop_token stop) {
        if (request.path == "/stream") {
            Response response;
            response.stream = [](StreamWriter& writer, std::stop_token inner) {
                while (!inner.stop_requested() && writer.write("x\n")) {
                    std::this_thread::sleep_for(1ms);
                }
            };
            return response;
        }
        for (int i = 0; i < 100 && !stop.stop_requested(); ++i) {
            std::this_thread::sleep_for(10ms);
        }
        return textResponse("x");
    });
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 30; ++i) {
        clients.push_back(std::make_unique<RawClient>(server->port()));
        clients.back()->send(i % 3 == 0   ? "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"
                             : i % 3 == 1 ? "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
                                          : "GET");
    }
    std::this_thread::sleep_for(100ms);
    const auto began = std::chrono::steady_clock::now();
    server->stop(500ms);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
}

} // namespace
} // namespace gatehouse::http_server
