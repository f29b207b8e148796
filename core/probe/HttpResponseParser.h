#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::probe {

struct HttpHeader {
    std::string name; ///< as sent
    std::string value;
};

/// A final (not 1xx) answer.
struct HttpResponse {
    int minorVersion = 1;
    int status = 0;
    std::string reasonPhrase;
    std::vector<HttpHeader> headers;
    std::string body; ///< transfer coding removed, content coding left as it is
    bool chunked = false;
    bool bodyTruncated = false; ///< the body went on beyond the limit; what came first is kept

    /// First value of the header, name compared without case; null when it is missing.
    [[nodiscard]] const std::string* header(std::string_view name) const;
};

/// Reads one HTTP/1.1 answer from bytes a stranger sends. Pure: no I/O, no clock; memory is bounded by the limits.
///
/// Strict (RFC 9112): lines end in CRLF, no folded lines, no space before a colon, no control characters, one
/// Content-Length, never Content-Length beside Transfer-Encoding, no transfer coding but chunked. Anything else is a
/// protocol error: such an answer proves nothing.
class HttpResponseParser {
public:
    struct Limits {
        std::size_t headerBytes = 64U << 10; ///< status lines and headers of all answers together, trailers too
        std::size_t headerCount = 128;
        std::size_t interimAnswers = 8; ///< 1xx before the final one
        std::size_t bodyBytes = 256U << 10;
    };

    enum class State { Reading, Complete, Failed };

    /// `bodyless`: the request was a HEAD, so that no body follows whatever the headers say.
    explicit HttpResponseParser(Limits limits, bool bodyless = false);

    /// Takes the next bytes. Bytes after a complete answer are an error: we never ask for a second one.
    State feed(std::string_view bytes);
    /// The peer closed: completes a body that ends with the connection, fails otherwise.
    State finish();

    [[nodiscard]] State state() const { return m_state; }

    /// Why it failed, one clause: "a header line ends without CR".
    [[nodiscard]] const std::string& problem() const { return m_problem; }

    /// What was read so far; whole only in state Complete.
    [[nodiscard]] const HttpResponse& response() const { return m_response; }

    /// The header section of the final answer was read completely.
    [[nodiscard]] bool hasHeaders() const { return m_step > Step::Headers; }

private:
    enum class Step { StatusLine, Headers, FixedBody, UntilClose, ChunkSize, ChunkData, ChunkEnd, Trailers, Done };

    void fail(std::string problem);
    void complete();
    void takeLine(std::string_view line);
    void takeStatusLine(std::string_view line);
    void takeHeader(std::string_view line);
    void takeTrailer(std::string_view line);
    void takeChunkSize(std::string_view line);
    void endHeaders();
    void startBody();
    std::string_view takeBody(std::string_view bytes);
    std::string_view readLineBytes(std::string_view bytes);
    [[nodiscard]] bool atLine() const;

    Limits m_limits;
    bool m_bodyless;
    State m_state = State::Reading;
    Step m_step = Step::StatusLine;
    std::string m_problem;
    std::string m_line;
    std::size_t m_headerBytes = 0;
    std::size_t m_trailers = 0;
    std::size_t m_interim = 0;
    std::uint64_t m_remaining = 0;
    HttpResponse m_response;
};

/// Token characters of RFC 9110.
[[nodiscard]] bool isToken(std::string_view text);
[[nodiscard]] bool equalsIgnoringCase(std::string_view a, std::string_view b);

} // namespace gatehouse::probe
