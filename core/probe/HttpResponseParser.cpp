#include "core/probe/HttpResponseParser.h"

#include "core/http/FieldValue.h"

#include <algorithm>
#include <charconv>

namespace gatehouse::probe {
namespace {

constexpr std::size_t MostChunkLine = 256;

char lowered(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool hasControls(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && byte != '\t') || byte == 0x7F;
    });
}

std::optional<std::uint64_t> wholeNumber(std::string_view text, int base, std::size_t mostDigits) {
    std::uint64_t value = 0;
    if (text.empty() || text.size() > mostDigits) {
        return std::nullopt;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

} // namespace

bool isToken(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               marks.find(c) != std::string_view::npos;
    });
}

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lowered(x) == lowered(y); });
}

const std::string* HttpResponse::header(std::string_view name) const {
    const auto found = std::find_if(headers.begin(), headers.end(),
                                    [&](const HttpHeader& each) { return equalsIgnoringCase(each.name, name); });
    return found == headers.end() ? nullptr : &found->value;
}

HttpResponseParser::HttpResponseParser(Limits limits, bool bodyless) : m_limits(limits), m_bodyless(bodyless) {}

HttpResponseParser::State HttpResponseParser::feed(std::string_view bytes) {
    while (!bytes.empty() && m_state == State::Reading) {
        bytes = atLine() ? readLineBytes(bytes) : takeBody(bytes);
    }
    if (!bytes.empty() && m_state == State::Complete && !m_response.bodyTruncated) {
        fail("bytes follow the end of the answer");
    }
    return m_state;
}

HttpResponseParser::State HttpResponseParser::finish() {
    if (m_state != State::Reading) {
        return m_state;
    }
    if (m_step == Step::UntilClose) {
        complete();
    } else if (m_step == Step::StatusLine && m_line.empty() && m_interim == 0) {
        fail("the connection was closed without an answer");
    } else {
        fail("the connection was closed in the middle of the answer");
    }
    return m_state;
}

bool HttpResponseParser::atLine() const {
    return m_step != Step::FixedBody && m_step != Step::UntilClose && m_step != Step::ChunkData;
}

void HttpResponseParser::fail(std::string problem) {
    m_state = State::Failed;
    m_problem = std::move(problem);
}

void HttpResponseParser::complete() {
    m_state = State::Complete;
    m_step = Step::Done;
}

/// Collects up to the next LF and hands the line on; gives back what was not used.
std::string_view HttpResponseParser::readLineBytes(std::string_view bytes) {
    const std::size_t end = bytes.find('\n');
    const std::size_t count = end == std::string_view::npos ? bytes.size() : end + 1;
    const bool chunkLine = m_step == Step::ChunkSize || m_step == Step::ChunkEnd;
    if (chunkLine) {
        if (m_line.size() + count > MostChunkLine) {
            fail("a chunk size line is too long");
            return bytes;
        }
    } else {
        m_headerBytes += count;
        if (m_headerBytes > m_limits.headerBytes) {
            fail("the headers are longer than " + std::to_string(m_limits.headerBytes) + " bytes");
            return bytes;
        }
    }
    m_line.append(bytes.substr(0, count));
    if (end != std::string_view::npos) {
        if (m_line.size() < 2 || m_line[m_line.size() - 2] != '\r') {
            fail("a line ends without CR");
            return bytes;
        }
        const std::string line = std::exchange(m_line, {});
        takeLine(std::string_view(line).substr(0, line.size() - 2));
    }
    return bytes.substr(count);
}

void HttpResponseParser::takeLine(std::string_view line) {
    switch (m_step) {
    case Step::StatusLine:
        takeStatusLine(line);
        break;
    case Step::Headers:
        line.empty() ? endHeaders() : takeHeader(line);
        break;
    case Step::ChunkSize:
        takeChunkSize(line);
        break;
    case Step::ChunkEnd:
        if (!line.empty()) {
            fail("a chunk is longer than its size line says");
        }
        m_step = Step::ChunkSize;
        break;
    case Step::Trailers:
        line.empty() ? complete() : takeTrailer(line);
        break;
    default:
        break;
    }
}

void HttpResponseParser::takeStatusLine(std::string_view line) {
    if (line.size() < 12 || line.substr(0, 7) != "HTTP/1." || (line[7] != '0' && line[7] != '1') || line[8] != ' ' ||
        (line.size() > 12 && line[12] != ' ') || hasControls(line)) {
        return fail("the first line is no HTTP/1.1 status line");
    }
    const std::optional<std::uint64_t> status = wholeNumber(line.substr(9, 3), 10, 3);
    if (!status || *status < 100 || *status > 599) {
        return fail("the status line has no valid status");
    }
    m_response.minorVersion = line[7] - '0';
    m_response.status = static_cast<int>(*status);
    m_response.reasonPhrase = line.size() > 13 ? std::string(line.substr(13)) : std::string();
    m_step = Step::Headers;
}

void HttpResponseParser::takeHeader(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) {
        return fail("a header line has no valid name");
    }
    const std::string_view value = http::trimmed(line.substr(colon + 1));
    if (hasControls(value)) {
        return fail("a header value holds control characters");
    }
    if (m_response.headers.size() >= m_limits.headerCount) {
        return fail("there are more than " + std::to_string(m_limits.headerCount) + " headers");
    }
    m_response.headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
}

void HttpResponseParser::takeTrailer(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !isToken(line.substr(0, colon)) || ++m_trailers > m_limits.headerCount) {
        fail("a trailer line is not valid");
    }
}

void HttpResponseParser::endHeaders() {
    if (m_response.status >= 200) {
        return startBody();
    }
    if (m_response.status == 101) {
        return fail("the server switches protocols unasked");
    }
    if (++m_interim > m_limits.interimAnswers) {
        return fail("there are more than " + std::to_string(m_limits.interimAnswers) + " interim answers");
    }
    m_response = {};
    m_step = Step::StatusLine;
}

void HttpResponseParser::startBody() {
    const std::string* length = nullptr;
    std::size_t codings = 0;
    for (const HttpHeader& each : m_response.headers) {
        if (equalsIgnoringCase(each.name, "Content-Length")) {
            if (length != nullptr) {
                return fail("Content-Length stands there twice");
            }
            length = &each.value;
        } else if (equalsIgnoringCase(each.name, "Transfer-Encoding")) {
            if (++codings > 1 || !equalsIgnoringCase(each.value, "chunked")) {
                return fail("the transfer coding is not chunked alone");
            }
        }
    }
    if (length != nullptr && codings > 0) {
        return fail("Content-Length stands beside Transfer-Encoding");
    }
    const std::optional<std::uint64_t> size =
        length == nullptr ? std::optional<std::uint64_t>(0) : wholeNumber(*length, 10, 18);
    if (!size || (length != nullptr && (*length)[0] == '-')) {
        return fail("Content-Length is no number");
    }
    if (m_bodyless || m_response.status == 204 || m_response.status == 304) {
        return complete();
    }
    if (codings > 0) {
        if (m_response.minorVersion == 0) {
            return fail("an HTTP/1.0 answer is chunked");
        }
        m_response.chunked = true;
        m_step = Step::ChunkSize;
    } else if (length == nullptr) {
        m_step = Step::UntilClose;
    } else if (*size == 0) {
        complete();
    } else {
        m_remaining = *size;
        m_step = Step::FixedBody;
    }
}

void HttpResponseParser::takeChunkSize(std::string_view line) {
    const std::string_view digits = line.substr(0, line.find(';'));
    const std::optional<std::uint64_t> size = wholeNumber(digits, 16, 15);
    if (!size || hasControls(line)) {
        return fail("a chunk size is no hexadecimal number");
    }
    m_remaining = *size;
    m_step = *size == 0 ? Step::Trailers : Step::ChunkData;
}

/// Takes body bytes up to the limit; beyond it the answer is complete and marked as truncated.
std::string_view HttpResponseParser::takeBody(std::string_view bytes) {
    std::size_t count = bytes.size();
    if (m_step != Step::UntilClose) {
        count = static_cast<std::size_t>(std::min<std::uint64_t>(count, m_remaining));
    }
    const std::size_t room = m_limits.bodyBytes - std::min(m_limits.bodyBytes, m_response.body.size());
    m_response.body.append(bytes.substr(0, std::min(count, room)));
    if (count > room) {
        m_response.bodyTruncated = true;
        complete();
        return bytes.substr(room);
    }
    if (m_step != Step::UntilClose) {
        m_remaining -= count;
        if (m_remaining == 0) {
            if (m_step == Step::ChunkData) {
                m_step = Step::ChunkEnd;
            } else {
                complete();
            }
        }
    }
    return bytes.substr(count);
}

} // namespace gatehouse::probe
