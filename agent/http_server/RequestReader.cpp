#include "agent/http_server/RequestReader.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

namespace gatehouse::http_server {

namespace beast = boost::beast;

namespace {

using BeastParser = beast::http::request_parser<beast::http::string_body>;

/// Chunk sizes and trailers may wait for their end in the buffer, but not more than this.
constexpr std::size_t MaxChunkHeader = 4096;

enum class Scan { Incomplete, Complete, BadByte, Folded };

/// Looks for the end of the header in `bytes` from `at` on and refuses what parsers are known to disagree about: bare
/// LF, bare CR, NUL and other control characters, continuation lines. `at` is left where scanning goes on.
Scan scanHeader(std::string_view bytes, std::size_t& at) {
    for (; at < bytes.size(); ++at) {
        const auto c = static_cast<unsigned char>(bytes[at]);
        if (c == '\r') {
            if (at + 1 == bytes.size()) {
                return Scan::Incomplete;
            }
            if (bytes[at + 1] != '\n') {
                return Scan::BadByte;
            }
            if (at + 2 == bytes.size()) {
                return Scan::Incomplete;
            }
            const char next = bytes[at + 2];
            if (next == ' ' || next == '\t') {
                return Scan::Folded;
            }
            if (next == '\r') {
                if (at + 3 == bytes.size()) {
                    return Scan::Incomplete;
                }
                at += 4;
                return bytes[at - 1] == '\n' ? Scan::Complete : Scan::BadByte;
            }
            ++at;
        } else if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return Scan::BadByte;
        }
    }
    return Scan::Incomplete;
}

bool isHost(std::string_view value) {
    constexpr std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:[]%!$&'()*+,;=";
    return !value.empty() && value.size() <= 300 && value.find_first_not_of(allowed) == std::string_view::npos;
}

} // namespace

struct RequestReader::Parser {
    std::optional<BeastParser> beast;
};

RequestReader::RequestReader(const Limits& limits) : m_limits(limits), m_parser(std::make_unique<Parser>()) {}

RequestReader::~RequestReader() = default;

void RequestReader::reset() {
    m_parser->beast.reset();
    m_state = State::Header;
    m_scanned = 0;
    m_request = {};
    m_expectsContinue = false;
}

std::size_t RequestReader::bodySize() const {
    return m_parser->beast ? m_parser->beast->get().body().size() : 0;
}

RequestReader::State RequestReader::refuse(int status, std::string reason) {
    m_refusalStatus = status;
    m_refusalReason = std::move(reason);
    m_parser->beast.reset();
    return m_state = State::Refused;
}

RequestReader::State RequestReader::advance(std::string& bytes) {
    switch (m_state) {
    case State::Header:
        return m_state = readHeader(bytes);
    case State::HeaderDone:
    case State::Body:
        return m_state = readBody(bytes);
    case State::Complete:
    case State::Refused:
        break;
    }
    return m_state;
}

RequestReader::State RequestReader::readHeader(std::string& bytes) {
    const Scan scan = scanHeader(bytes, m_scanned);
    if (m_scanned > m_limits.headerBytes) {
        return refuse(431, "the request header is larger than " + std::to_string(m_limits.headerBytes) + " bytes");
    }
    switch (scan) {
    case Scan::Incomplete:
        return State::Header;
    case Scan::BadByte:
        return refuse(400, "the request header holds a control character or a bare line end");
    case Scan::Folded:
        return refuse(400, "the request header holds a continuation line");
    case Scan::Complete:
        break;
    }
    BeastParser& parser = m_parser->beast.emplace();
    parser.header_limit(static_cast<std::uint32_t>(m_limits.headerBytes));
    parser.body_limit(m_limits.bodyBytes);
    beast::error_code code;
    std::size_t used = 0;
    while (!code && used < m_scanned && !parser.is_header_done()) {
        used += parser.put(boost::asio::buffer(bytes.data() + used, m_scanned - used), code);
    }
    if (code == beast::http::error::body_limit) {
        return refuse(413, "the request body is larger than " + std::to_string(m_limits.bodyBytes) + " bytes");
    }
    if (code || !parser.is_header_done() || used != m_scanned) {
        return refuse(400, "the request is not valid HTTP/1.1: " + (code ? code.message() : "framing"));
    }
    bytes.erase(0, used);
    parser.eager(true);
    return checkHeader();
}

RequestReader::State RequestReader::checkHeader() {
    const auto& message = m_parser->beast->get();
    std::size_t fields = 0;
    std::size_t hosts = 0;
    std::size_t lengths = 0;
    std::size_t encodings = 0;
    for (const auto& field : message) {
        ++fields;
        const std::string_view name = field.name_string();
        hosts += http::equalsIgnoringCase(name, "Host") ? 1 : 0;
        lengths += http::equalsIgnoringCase(name, "Content-Length") ? 1 : 0;
        encodings += http::equalsIgnoringCase(name, "Transfer-Encoding") ? 1 : 0;
        m_request.headers.add(std::string(name), std::string(field.value()));
    }
    if (fields > m_limits.headerFields) {
        return refuse(431, "the request has more than " + std::to_string(m_limits.headerFields) + " header fields");
    }
    if (message.version() != 11) {
        return refuse(505, "only HTTP/1.1 is served here");
    }
    if (hosts != 1 || !isHost(m_request.headers.value("Host"))) {
        return refuse(400, "the request needs exactly one Host header field");
    }
    const std::string_view length = m_request.headers.value("Content-Length");
    if (lengths + encodings > 1 || length.find_first_not_of("0123456789") != std::string_view::npos) {
        return refuse(400, "the request does not state its length once and plainly");
    }
    if (encodings == 1 && !http::equalsIgnoringCase(m_request.headers.value("Transfer-Encoding"), "chunked")) {
        return refuse(501, "no transfer encoding but chunked is served here");
    }
    const std::string_view target = message.target();
    if (!target.starts_with('/') || target.find('#') != std::string_view::npos) {
        return refuse(400, "the request target must be a path");
    }
    const std::string_view expect = m_request.headers.value("Expect");
    if (!expect.empty() && !http::equalsIgnoringCase(expect, "100-continue")) {
        return refuse(417, "only the expectation 100-continue is served here");
    }
    m_expectsContinue = !expect.empty();
    m_keepAlive = message.keep_alive();
    m_request.method = std::string(message.method_string());
    m_request.target = std::string(target);
    const std::size_t mark = std::min(target.find('?'), target.size());
    m_request.path = std::string(target.substr(0, mark));
    m_request.query = mark < target.size() ? std::string(target.substr(mark + 1)) : std::string();
    return State::HeaderDone;
}

RequestReader::State RequestReader::readBody(std::string& bytes) {
    BeastParser& parser = *m_parser->beast;
    while (!parser.is_done()) {
        if (bytes.empty()) {
            return State::Body;
        }
        beast::error_code code;
        const std::size_t used = parser.put(boost::asio::buffer(bytes), code);
        bytes.erase(0, used);
        if (code == beast::http::error::body_limit) {
            return refuse(413, "the request body is larger than " + std::to_string(m_limits.bodyBytes) + " bytes");
        }
        if (code && code != beast::http::error::need_more) {
            return refuse(400, "the request body is not validly framed: " + code.message());
        }
        if (code == beast::http::error::need_more || (used == 0 && !parser.is_done())) {
            if (bytes.size() > MaxChunkHeader) {
                return refuse(400, "the request body has an overlong chunk header or trailer");
            }
            return State::Body;
        }
    }
    m_request.body = std::move(parser.get().body());
    m_parser->beast.reset();
    return State::Complete;
}

} // namespace gatehouse::http_server
