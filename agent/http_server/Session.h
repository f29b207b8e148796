#pragma once

#include "agent/http_server/Channel.h"
#include "agent/http_server/HttpServer.h"
#include "agent/http_server/RequestReader.h"

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <mutex>
#include <string>

namespace gatehouse::http_server {

class Session;

/// What sessions need of their server. Thread-safe; outlives every session. Internal to the server.
class SessionHost {
public:
    virtual ~SessionHost() = default;
    [[nodiscard]] virtual const Options& options() const = 0;
    [[nodiscard]] virtual const Handler& handler() const = 0;
    [[nodiscard]] virtual bool stopping() const = 0;
    /// Runs `work` on a handler thread.
    virtual void runHandler(std::function<void()> work) = 0;
    /// Runs `work` on a thread of its own; false when too many streams run.
    [[nodiscard]] virtual bool runStream(std::function<void()> work) = 0;
    /// Takes `bytes` of the budget for bodies in memory; false when it is used up.
    [[nodiscard]] virtual bool reserveBody(std::size_t bytes) = 0;
    virtual void releaseBody(std::size_t bytes) = 0;
    virtual void countRequest(bool refused) = 0;
    virtual void ended(Session* session) = 0;
};

/// The queue between a stream's thread and its connection.
class StreamQueue final : public StreamWriter {
public:
    StreamQueue(std::size_t limit, std::function<void()> wake) : m_limit(limit), m_wake(std::move(wake)) {}

    bool write(std::string bytes) override;
    bool lagging() const override;
    void finish(std::string lastWords) override;

    /// The producer has returned.
    void end();
    /// The client is gone: writes are refused from now on.
    void abandon();

    /// All that waits, framed as one chunk, with the last chunk when the producer has ended. Empty: nothing to send.
    struct Batch {
        std::string bytes;
        std::size_t payload = 0;
        bool last = false;
    };

    [[nodiscard]] Batch take();
    /// `payload` bytes of a batch are on the wire.
    void sent(std::size_t payload);

private:
    void append(std::string&& bytes);

    const std::size_t m_limit;
    const std::function<void()> m_wake;
    mutable std::mutex m_mutex;
    std::string m_waiting;
    std::size_t m_backlog = 0; ///< waiting and being sent
    bool m_lagging = false;
    bool m_finished = false;
    bool m_ended = false;
    bool m_gone = false;
};

/// One connection: reads requests, has them handled, writes answers, keeps the deadlines. Everything but the atomics
/// is touched on its strand only.
class Session : public std::enable_shared_from_this<Session> {
public:
    enum class Phase { Handshake, Fresh, Header, Idle, Body, Handling, Writing, Streaming, Draining, Closed };

    Session(SessionHost& host, Socket socket, TlsContext context, std::string peer, Strand strand);
    ~Session();

    void start();
    /// Any thread: close now.
    void abort();
    /// Any thread: finish what runs, then close.
    void windDown();

    [[nodiscard]] Phase phase() const { return m_phase.load(); }

    [[nodiscard]] std::chrono::steady_clock::time_point phaseSince() const { return m_phaseSince.load(); }

private:
    void enter(Phase phase);
    void arm(std::chrono::milliseconds timeout);
    void onDeadline();
    void startRead();
    void onRead(boost::system::error_code code, std::size_t count);
    void pump();
    [[nodiscard]] bool afterHeader();
    [[nodiscard]] bool reserveBody();
    void dispatch();
    void respond(Response response);
    void refuse(int status, const std::string& reason);
    void answer(const http::Response& response, bool keep);
    void beginStream(Response response);
    void flushStream();
    void write(std::string bytes, std::function<void()> then);
    void continueWrite();
    void answered();
    void drain();
    void close();

    SessionHost& m_host;
    Strand m_strand;
    std::unique_ptr<Channel> m_channel;
    boost::asio::steady_timer m_timer;
    std::uint64_t m_timerRound = 0;
    std::atomic<Phase> m_phase{Phase::Handshake};
    std::atomic<std::chrono::steady_clock::time_point> m_phaseSince{};
    std::string m_peer;
    RequestReader m_reader;
    std::string m_buffer;
    std::string m_chunk;
    bool m_reading = false;
    bool m_inputEnded = false;
    bool m_head = false; ///< the request was a HEAD
    bool m_keep = true;
    std::size_t m_reserved = 0;
    std::stop_source m_stop;
    std::string m_out;
    std::size_t m_outDone = 0;
    bool m_writing = false;
    std::function<void()> m_written;
    std::shared_ptr<StreamQueue> m_stream;
};

} // namespace gatehouse::http_server
