#include "agent/http_server/HttpServer.h"

#include "agent/http_server/Listener.h"
#include "agent/http_server/Session.h"
#include "core/logging/Log.h"
#include "core/tls/TlsPolicy.h"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <condition_variable>
#include <cstring>
#include <openssl/ssl.h>
#include <thread>
#include <unistd.h>
#include <unordered_map>

namespace gatehouse::http_server {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds RetryAccept{100};

int chooseHttp11(SSL*, const unsigned char** out, unsigned char* outSize, const unsigned char* in, unsigned inSize,
                 void*) {
    static constexpr unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, outSize, ours, sizeof ours, in, inSize) != OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_NOACK;
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

Result<TlsContext> makeContext(const tls::Identity& identity) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    if (auto policy = tls::applyPolicy(context->native_handle()); !policy) {
        return failure(std::move(policy.error()));
    }
    if (auto presented = tls::present(context->native_handle(), identity); !presented) {
        return failure(std::move(presented.error()));
    }
    SSL_CTX_set_alpn_select_cb(context->native_handle(), chooseHttp11, nullptr);
    return context;
}

/// The order in which connections are given up when there is no room: 0 never.
int givesWay(Session::Phase phase) {
    switch (phase) {
    case Session::Phase::Handshake:
    case Session::Phase::Fresh:
    case Session::Phase::Header:
    case Session::Phase::Draining:
        return 2;
    case Session::Phase::Idle:
        return 1;
    default:
        return 0;
    }
}

} // namespace

class HttpServer::Impl final : public SessionHost {
public:
    Impl(Options options, Handler handler, Listener listener, TlsContext context)
        : m_options(std::move(options)),
          m_handler(std::move(handler)),
          m_listener(std::move(listener)),
          m_context(std::move(context)),
          m_pool(std::max(1U, m_options.handlerThreads)),
          m_acceptStrand(asio::make_strand(m_io)),
          m_waiter(m_acceptStrand, ::dup(m_listener->descriptor())),
          m_retry(m_acceptStrand),
          m_work(asio::make_work_guard(m_io)) {
        m_port = m_listener->port();
        m_family = m_listener->family();
    }

    void run() {
        waitForClients();
        for (unsigned i = 0; i < std::max(1U, m_options.ioThreads); ++i) {
            m_threads.emplace_back([this] { m_io.run(); });
        }
    }

    void stop(std::chrono::milliseconds grace) {
        if (m_stopping.exchange(true)) {
            return;
        }
        asio::post(m_acceptStrand, [this] {
            error_code ignored;
            m_waiter.close(ignored);
            m_retry.cancel();
            m_listener.reset();
        });
        forEachSession([](Session& session) { session.windDown(); });
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait_for(lock, grace, [this] { return m_sessions.empty(); });
        }
        forEachSession([](Session& session) { session.abort(); });
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return m_streams == 0; });
        }
        m_pool.join();
        m_work.reset();
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait_for(lock, std::chrono::seconds(1), [this] { return m_sessions.empty(); });
        }
        m_io.stop();
        for (auto& thread : m_threads) {
            thread.join();
        }
    }

    Result<void> replaceIdentity(const tls::Identity& identity) {
        auto context = makeContext(identity);
        if (!context) {
            return failure(std::move(context.error()));
        }
        const std::lock_guard lock(m_mutex);
        m_context = std::move(*context);
        return {};
    }

    Counters counters() const {
        const std::lock_guard lock(m_mutex);
        return {m_sessions.size(), m_streams, m_requests.load(), m_refused.load()};
    }

    std::uint16_t port() const { return m_port; }

    const Options& options() const override { return m_options; }

    const Handler& handler() const override { return m_handler; }

    bool stopping() const override { return m_stopping; }

    void runHandler(std::function<void()> work) override { asio::post(m_pool, std::move(work)); }

    bool runStream(std::function<void()> work) override {
        {
            const std::lock_guard lock(m_mutex);
            if (m_streams >= m_options.limits.streams || m_stopping) {
                return false;
            }
            ++m_streams;
        }
        try {
            std::thread([this, work = std::move(work)]() mutable {
                work();
                work = nullptr;
                // Notified under the lock: after it, stop() may destroy this object.
                const std::lock_guard lock(m_mutex);
                --m_streams;
                m_changed.notify_all();
            }).detach();
        } catch (const std::system_error&) {
            const std::lock_guard lock(m_mutex);
            --m_streams;
            return false;
        }
        return true;
    }

    bool reserveBody(std::size_t bytes) override {
        if (m_bodies.fetch_add(bytes) + bytes > m_options.limits.bodyBytesInFlight) {
            m_bodies -= bytes;
            return false;
        }
        return true;
    }

    void releaseBody(std::size_t bytes) override { m_bodies -= bytes; }

    void countRequest(bool refused) override { ++(refused ? m_refused : m_requests); }

    void ended(Session* session) override {
        const std::lock_guard lock(m_mutex);
        m_sessions.erase(session);
        m_changed.notify_all();
    }

private:
    void waitForClients() {
        m_waiter.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code code) {
            if (code || m_stopping) {
                return;
            }
            acceptAll();
        });
    }

    void acceptAll() {
        // Bounded, so that a flood of connections leaves time for those that are there.
        for (int i = 0; i < 64; ++i) {
            auto accepted = m_listener->accept();
            if (accepted.error != 0) {
                log::warning("no connection can be accepted",
                             {{"server", m_options.name}, {"why", std::strerror(accepted.error)}});
                m_retry.expires_after(RetryAccept);
                m_retry.async_wait([this](error_code code) {
                    if (!code) {
                        waitForClients();
                    }
                });
                return;
            }
            if (accepted.descriptor < 0) {
                break;
            }
            admit(accepted.descriptor, std::move(accepted.peer));
        }
        waitForClients();
    }

    void admit(int descriptor, std::string peer) {
        Strand strand = asio::make_strand(m_io);
        error_code code;
        Socket socket(strand);
        socket.assign(asio::generic::stream_protocol(m_family, 0), descriptor, code);
        if (code) {
            ::close(descriptor);
            return;
        }
        std::shared_ptr<Session> session;
        std::shared_ptr<Session> victim;
        {
            const std::lock_guard lock(m_mutex);
            if (m_sessions.size() >= m_options.limits.connections) {
                victim = leastDeserving();
                if (victim == nullptr) {
                    ++m_refused;
                    return;
                }
                m_sessions.erase(victim.get());
            }
            session = std::make_shared<Session>(*this, std::move(socket), m_context, std::move(peer), strand);
            m_sessions.emplace(session.get(), session);
        }
        if (victim != nullptr) {
            ++m_refused;
            victim->abort();
        }
        session->start();
    }

    /// m_mutex is held. Exactly one session is locked: dropping a last reference here would end it under the mutex.
    std::shared_ptr<Session> leastDeserving() const {
        const Session* chosen = nullptr;
        const std::weak_ptr<Session>* reference = nullptr;
        for (const auto& [raw, weak] : m_sessions) {
            const int rank = givesWay(raw->phase());
            const int best = chosen == nullptr ? 0 : givesWay(chosen->phase());
            if (rank > best || (rank > 0 && rank == best && raw->phaseSince() < chosen->phaseSince())) {
                chosen = raw;
                reference = &weak;
            }
        }
        return reference == nullptr ? nullptr : reference->lock();
    }

    void forEachSession(const std::function<void(Session&)>& action) {
        std::vector<std::shared_ptr<Session>> sessions;
        {
            const std::lock_guard lock(m_mutex);
            for (const auto& [raw, weak] : m_sessions) {
                if (auto session = weak.lock()) {
                    sessions.push_back(std::move(session));
                }
            }
        }
        for (const auto& session : sessions) {
            action(*session);
        }
    }

    const Options m_options;
    const Handler m_handler;
    std::optional<Listener> m_listener;
    std::uint16_t m_port = 0;
    int m_family = 0;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    TlsContext m_context;
    std::unordered_map<Session*, std::weak_ptr<Session>> m_sessions;
    std::size_t m_streams = 0;
    std::atomic<bool> m_stopping{false};
    std::atomic<std::size_t> m_bodies{0};
    std::atomic<std::uint64_t> m_requests{0};
    std::atomic<std::uint64_t> m_refused{0};
    asio::thread_pool m_pool;
    // Destroyed before what sessions use above: pending handlers hold the last references to sessions.
    asio::io_context m_io;
    Strand m_acceptStrand;
    asio::posix::stream_descriptor m_waiter;
    asio::steady_timer m_retry;
    asio::executor_work_guard<asio::io_context::executor_type> m_work;
    std::vector<std::thread> m_threads;
};

Result<std::unique_ptr<HttpServer>> HttpServer::start(Options options, Handler handler) {
    TlsContext context;
    if (options.identity) {
        auto made = makeContext(*options.identity);
        if (!made) {
            return failure(std::move(made.error()));
        }
        context = std::move(*made);
    }
    auto listener = options.unixSocket.empty() ? Listener::tcp(options.address, options.port)
                                               : Listener::unixSocket(options.unixSocket);
    if (!listener) {
        return failure(std::move(listener.error()));
    }
    options.identity.reset();
    auto impl =
        std::make_shared<Impl>(std::move(options), std::move(handler), std::move(*listener), std::move(context));
    impl->run();
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::shared_ptr<Impl> impl) : m_impl(std::move(impl)) {}

HttpServer::~HttpServer() {
    m_impl->stop(std::chrono::milliseconds(2'000));
}

std::uint16_t HttpServer::port() const {
    return m_impl->port();
}

Result<void> HttpServer::replaceIdentity(const tls::Identity& identity) {
    return m_impl->replaceIdentity(identity);
}

void HttpServer::stop(std::chrono::milliseconds grace) {
    m_impl->stop(grace);
}

HttpServer::Counters HttpServer::counters() const {
    return m_impl->counters();
}

} // namespace gatehouse::http_server
