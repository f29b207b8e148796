#include "agent/http_server/Session.h"

#include "core/logging/Log.h"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/status.hpp>
#include <ctime>

namespace gatehouse::http_server {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t ReadSize = 32U << 10;
/// While an answer is made, this much of following requests is read ahead; the rest waits in the kernel.
constexpr std::size_t MaxReadAhead = 32U << 10;
constexpr std::chrono::milliseconds DrainTime{2'000};

std::string dateNow() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[40];
    return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

void appendField(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ");
    for (const char c : value) {
        // A value that could start a header of its own never leaves this process.
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
    out += "\r\n";
}

/// Status line and fields; framing is the caller's.
std::string renderHeader(const http::Response& response, bool keep) {
    const auto status = static_cast<unsigned>(response.status);
    const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
    std::string out = "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason) + "\r\n";
    appendField(out, "Date", dateNow());
    for (const auto& [name, value] : response.headers.all()) {
        appendField(out, name, value);
    }
    if (!keep) {
        appendField(out, "Connection", "close");
    }
    return out;
}

http::Response plainRefusal(int status, const std::string& reason) {
    http::Response response;
    response.status = status;
    response.headers.set("Content-Type", "text/plain; charset=utf-8");
    response.body = reason + "\n";
    return response;
}

Response callHandler(const Handler& handler, const Request& request, const std::stop_token& stop) {
    try {
        return handler(request, stop);
    } catch (const std::exception& error) {
        log::error("request handler failed", {{"path", request.path.substr(0, 200)}, {"what", error.what()}});
    } catch (...) {
        log::error("request handler failed", {{"path", request.path.substr(0, 200)}});
    }
    Response response;
    static_cast<http::Response&>(response) = plainRefusal(500, "internal error");
    return response;
}

} // namespace

Session::Session(SessionHost& host, Socket socket, TlsContext context, std::string peer, Strand strand)
    : m_host(host),
      m_strand(strand),
      m_channel(makeChannel(std::move(socket), std::move(context))),
      m_timer(strand),
      m_peer(std::move(peer)),
      m_reader(host.options().limits) {
    m_phaseSince = std::chrono::steady_clock::now();
}

Session::~Session() {
    if (m_reserved > 0) {
        m_host.releaseBody(m_reserved);
    }
    m_host.ended(this);
}

void Session::start() {
    asio::post(m_strand, [self = shared_from_this()] {
        self->arm(self->m_host.options().limits.headerTimeout);
        self->m_channel->handshake([self](error_code code, std::size_t) {
            if (code || self->phase() == Phase::Closed) {
                self->close();
                return;
            }
            self->enter(Phase::Fresh);
            self->arm(self->m_host.options().limits.headerTimeout);
            self->startRead();
        });
    });
}

void Session::abort() {
    asio::post(m_strand, [self = shared_from_this()] { self->close(); });
}

void Session::windDown() {
    asio::post(m_strand, [self = shared_from_this()] {
        self->m_keep = false;
        switch (self->phase()) {
        case Phase::Handling:
        case Phase::Streaming:
            self->m_stop.request_stop();
            break;
        case Phase::Writing:
        case Phase::Draining:
            break;
        default:
            self->close();
            break;
        }
    });
}

void Session::enter(Phase phase) {
    m_phase = phase;
    m_phaseSince = std::chrono::steady_clock::now();
}

/// Zero disarms.
void Session::arm(std::chrono::milliseconds timeout) {
    const std::uint64_t round = ++m_timerRound;
    if (timeout.count() == 0) {
        m_timer.cancel();
        return;
    }
    m_timer.expires_after(timeout);
    m_timer.async_wait([self = shared_from_this(), round](error_code code) {
        if (!code && round == self->m_timerRound) {
            self->onDeadline();
        }
    });
}

void Session::onDeadline() {
    switch (phase()) {
    case Phase::Header:
        refuse(408, "the request header did not come in time");
        break;
    case Phase::Body:
        refuse(408, "the request body did not come in time");
        break;
    default:
        close();
        break;
    }
}

void Session::startRead() {
    if (m_reading || m_inputEnded || phase() == Phase::Closed) {
        return;
    }
    m_reading = true;
    m_chunk.resize(ReadSize);
    m_channel->read(asio::buffer(m_chunk.data(), m_chunk.size()),
                    [self = shared_from_this()](error_code code, std::size_t count) { self->onRead(code, count); });
}

void Session::onRead(error_code code, std::size_t count) {
    m_reading = false;
    const Phase now = phase();
    if (now == Phase::Closed) {
        return;
    }
    if (code) {
        m_inputEnded = true;
        m_stop.request_stop();
        // An answer under way is still worth sending: the client may only have shut its sending side.
        if (now != Phase::Handling && now != Phase::Writing) {
            close();
        }
        return;
    }
    if (now == Phase::Draining) {
        startRead();
        return;
    }
    m_buffer.append(m_chunk, 0, count);
    if (now == Phase::Handling || now == Phase::Writing || now == Phase::Streaming) {
        if (m_buffer.size() < MaxReadAhead) {
            startRead();
        }
        return;
    }
    pump();
}

/// Takes the request in m_buffer as far as it has come.
void Session::pump() {
    for (;;) {
        if ((phase() == Phase::Fresh || phase() == Phase::Idle) && !m_buffer.empty()) {
            const bool kept = phase() == Phase::Idle;
            enter(Phase::Header);
            if (kept) {
                arm(m_host.options().limits.headerTimeout);
            }
        }
        switch (m_reader.advance(m_buffer)) {
        case RequestReader::State::Header:
            startRead();
            return;
        case RequestReader::State::HeaderDone:
            if (!afterHeader()) {
                return;
            }
            break;
        case RequestReader::State::Body:
            if (reserveBody()) {
                startRead();
            }
            return;
        case RequestReader::State::Complete:
            dispatch();
            return;
        case RequestReader::State::Refused:
            refuse(m_reader.refusalStatus(), m_reader.refusalReason());
            return;
        }
    }
}

/// False when the request went no further for now.
bool Session::afterHeader() {
    enter(Phase::Body);
    arm(m_host.options().limits.bodyTimeout);
    m_head = m_reader.request().method == "HEAD";
    m_reader.request().peer = m_peer;
    if (const auto& admit = m_host.options().admit) {
        if (auto refused = admit(m_reader.request())) {
            m_host.countRequest(true);
            const bool bodyless = !m_reader.request().headers.contains("Content-Length") &&
                                  !m_reader.request().headers.contains("Transfer-Encoding");
            m_keep = m_reader.keepAlive() && bodyless;
            answer(*refused, m_keep);
            return false;
        }
    }
    if (m_reader.expectsContinue() && m_buffer.empty()) {
        write("HTTP/1.1 100 Continue\r\n\r\n", [self = shared_from_this()] {
            self->enter(Phase::Body);
            self->arm(self->m_host.options().limits.bodyTimeout);
            self->pump();
        });
        return false;
    }
    return true;
}

bool Session::reserveBody() {
    const std::size_t size = m_reader.bodySize();
    if (size > m_reserved) {
        if (!m_host.reserveBody(size - m_reserved)) {
            refuse(503, "too many large requests at once");
            return false;
        }
        m_reserved = size;
    }
    return true;
}

void Session::dispatch() {
    enter(Phase::Handling);
    arm(std::chrono::milliseconds(0));
    m_host.countRequest(false);
    m_keep = m_reader.keepAlive() && !m_host.stopping();
    m_stop = std::stop_source();
    if (m_host.options().handlerThreads == 0) {
        respond(callHandler(m_host.handler(), m_reader.request(), m_stop.get_token()));
        return;
    }
    auto request = std::make_shared<Request>(std::move(m_reader.request()));
    m_host.runHandler([self = shared_from_this(), request, stop = m_stop.get_token()] {
        auto response = std::make_shared<Response>(callHandler(self->m_host.handler(), *request, stop));
        asio::post(self->m_strand, [self, response] { self->respond(std::move(*response)); });
    });
    startRead();
}

void Session::respond(Response response) {
    if (phase() == Phase::Closed) {
        return;
    }
    m_keep = m_keep && !m_inputEnded && !m_host.stopping();
    if (response.stream && !m_head) {
        beginStream(std::move(response));
        return;
    }
    answer(response, m_keep);
}

void Session::refuse(int status, const std::string& reason) {
    m_host.countRequest(true);
    const auto& made = m_host.options().refusal;
    answer(made ? made(status, reason) : plainRefusal(status, reason), false);
}

void Session::answer(const http::Response& response, bool keep) {
    m_keep = keep;
    std::string out = renderHeader(response, keep);
    const bool bodyless = response.status == 204 || response.status == 304 || response.status < 200;
    if (!bodyless) {
        appendField(out, "Content-Length", std::to_string(response.body.size()));
    }
    out += "\r\n";
    if (!bodyless && !m_head) {
        out += response.body;
    }
    write(std::move(out), [self = shared_from_this()] { self->answered(); });
}

void Session::beginStream(Response response) {
    m_stream = std::make_shared<StreamQueue>(m_host.options().limits.streamBacklogBytes,
                                             [weak = weak_from_this(), strand = m_strand] {
                                                 asio::post(strand, [weak] {
                                                     if (const auto self = weak.lock()) {
                                                         self->flushStream();
                                                     }
                                                 });
                                             });
    const bool started =
        m_host.runStream([queue = m_stream, stream = std::move(response.stream), stop = m_stop.get_token()] {
            try {
                stream(*queue, stop);
            } catch (const std::exception& error) {
                log::error("stream failed", {{"what", error.what()}});
            }
            queue->end();
        });
    if (!started) {
        m_stream.reset();
        refuse(429, "too many watches at once");
        return;
    }
    std::string out = renderHeader(response, m_keep) + "Transfer-Encoding: chunked\r\n\r\n";
    write(std::move(out), [self = shared_from_this()] { self->flushStream(); });
    enter(Phase::Streaming);
}

void Session::flushStream() {
    if (m_stream == nullptr || m_writing || phase() == Phase::Closed) {
        return;
    }
    auto batch = m_stream->take();
    if (batch.bytes.empty()) {
        enter(Phase::Streaming);
        arm(std::chrono::milliseconds(0));
        return;
    }
    write(std::move(batch.bytes), [self = shared_from_this(), payload = batch.payload, last = batch.last] {
        self->m_stream->sent(payload);
        if (last) {
            self->m_stream.reset();
            self->answered();
        } else {
            self->flushStream();
        }
    });
    enter(Phase::Streaming);
}

void Session::write(std::string bytes, std::function<void()> then) {
    if (phase() == Phase::Closed) {
        return;
    }
    enter(Phase::Writing);
    m_writing = true;
    m_out = std::move(bytes);
    m_outDone = 0;
    m_written = std::move(then);
    continueWrite();
}

void Session::continueWrite() {
    arm(m_host.options().limits.writeTimeout);
    m_channel->write(asio::buffer(m_out.data() + m_outDone, m_out.size() - m_outDone),
                     [self = shared_from_this()](error_code code, std::size_t count) {
                         if (code || self->phase() == Phase::Closed) {
                             self->m_writing = false;
                             self->close();
                             return;
                         }
                         self->m_outDone += count;
                         if (self->m_outDone < self->m_out.size()) {
                             self->continueWrite();
                             return;
                         }
                         self->m_writing = false;
                         std::string().swap(self->m_out);
                         const auto then = std::exchange(self->m_written, nullptr);
                         then();
                     });
}

/// The answer is on the wire: on to the next request, or the end.
void Session::answered() {
    if (m_reserved > 0) {
        m_host.releaseBody(std::exchange(m_reserved, 0));
    }
    if (!m_keep || m_inputEnded || m_host.stopping()) {
        drain();
        return;
    }
    m_reader.reset();
    m_head = false;
    enter(Phase::Idle);
    arm(m_host.options().limits.idleTimeout);
    if (m_buffer.empty()) {
        startRead();
    } else {
        pump();
    }
}

/// Closes so that the client can read the answer first: a reset would throw it away.
void Session::drain() {
    if (m_inputEnded) {
        close();
        return;
    }
    enter(Phase::Draining);
    arm(DrainTime);
    m_channel->endSending();
    startRead();
}

void Session::close() {
    if (phase() == Phase::Closed) {
        return;
    }
    enter(Phase::Closed);
    arm(std::chrono::milliseconds(0));
    m_stop.request_stop();
    if (m_stream != nullptr) {
        m_stream->abandon();
    }
    m_written = nullptr;
    m_channel->close();
}

} // namespace gatehouse::http_server
