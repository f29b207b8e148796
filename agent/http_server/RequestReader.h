#pragma once

#include "agent/http_server/HttpServer.h"

#include <memory>
#include <string>

namespace gatehouse::http_server {

/// Takes bytes as they come and makes one request of them, or says why it is refused. No I/O, no clock: the caller
/// keeps the deadlines. One reader serves one connection; reset() starts on the next request.
class RequestReader {
public:
    enum class State {
        Header,     ///< more bytes are needed for the header
        HeaderDone, ///< the header is whole and lawful; call advance() again for the body
        Body,       ///< more bytes are needed for the body
        Complete,
        Refused, ///< see refusalStatus(); nothing more can be read from this connection
    };

    explicit RequestReader(const Limits& limits);
    ~RequestReader();

    /// Consumes from the front of `bytes` what belongs to this request.
    State advance(std::string& bytes);
    void reset();

    /// Valid from HeaderDone on; the body from Complete on. May be moved from then.
    [[nodiscard]] Request& request() { return m_request; }

    /// Body bytes held so far.
    [[nodiscard]] std::size_t bodySize() const;

    /// The client waits for "100 Continue" before it sends its body.
    [[nodiscard]] bool expectsContinue() const { return m_expectsContinue; }

    /// The client wants the connection kept.
    [[nodiscard]] bool keepAlive() const { return m_keepAlive; }

    [[nodiscard]] int refusalStatus() const { return m_refusalStatus; }

    [[nodiscard]] const std::string& refusalReason() const { return m_refusalReason; }

private:
    struct Parser;
    State refuse(int status, std::string reason);
    State readHeader(std::string& bytes);
    State readBody(std::string& bytes);
    State checkHeader();

    const Limits m_limits;
    std::unique_ptr<Parser> m_parser;
    State m_state = State::Header;
    std::size_t m_scanned = 0; ///< bytes of the header that are known to be clean
    Request m_request;
    bool m_expectsContinue = false;
    bool m_keepAlive = true;
    int m_refusalStatus = 0;
    std::string m_refusalReason;
};

} // namespace gatehouse::http_server
