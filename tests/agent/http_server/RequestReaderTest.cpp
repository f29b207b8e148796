#include "agent/http_server/RequestReader.h"

#include <gtest/gtest.h>

namespace gatehouse::http_server {
namespace {

using namespace std::string_literals;

using State = RequestReader::State;

/// Feeds `text` in pieces of `step` bytes; returns the last state.
State feed(RequestReader& reader, const std::string& text, std::size_t step, std::string& rest) {
    State state = State::Header;
    for (std::size_t at = 0; at < text.size(); at += step) {
        rest += text.substr(at, step);
        do {
            state = reader.advance(rest);
        } while (state == State::HeaderDone);
        if (state == State::Refused || state == State::Complete) {
            rest += text.substr(std::min(text.size(), at + step));
            return state;
        }
    }
    return state;
}

struct Refusal {
    const char* name;
    std::string text;
    int status;
};

const std::string Chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

const std::vector<Refusal>& refusals() {
    static const std::vector<Refusal> all{
        {"LengthAndChunked", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
         400},
        {"ChunkedAndLength", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
         400},
        {"TwoLengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400},
        {"TwoEqualLengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
        {"LengthList", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc", 400},
        {"LengthSigned", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc", 400},
        {"LengthHuge", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", 400},
        {"LengthWithBlank", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\nabc", 400},
        {"TwoEncodings",
         "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        {"GzipChunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
        {"Identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", 501},
        {"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
        {"EmptyHost", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
        {"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        {"HostWithSlash", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
        {"HostWithUser", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
        {"AbsoluteForm", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"AuthorityForm", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"AsteriskForm", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"Fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"BareLf", "GET / HTTP/1.1\nHost: a\n\n", 400},
        {"BareLfInside", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400},
        {"BareCr", "GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n", 400},
        {"Nul", "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"s, 400},
        {"Folded", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400},
        {"FoldedFirst", "GET / HTTP/1.1\r\n X: b\r\nHost: a\r\n\r\n", 400},
        {"LeadingLine", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"Http10", "GET / HTTP/1.0\r\nHost: a\r\n\r\n", 505},
        {"Http09", "GET /\r\n\r\n", 400},
        {"Http2Preface", "PRI * HTTP/2.0\r\n\r\n", 400},
        {"NoColon", "GET / HTTP/1.1\r\nHost a\r\n\r\n", 400},
        {"OtherExpectation", "POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 1\r\n\r\n", 417},
        {"BodyAnnouncedTooLarge", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n", 413},
        {"BadChunkSize", Chunked + "zz\r\nabc\r\n0\r\n\r\n", 400},
        {"NegativeChunkSize", Chunked + "-1\r\nabc\r\n0\r\n\r\n", 400},
        {"HugeChunkSize", Chunked + "fffffffffffffffff\r\nabc", 400},
        {"ChunkNotEnded", Chunked + "3\r\nabcdef\r\n0\r\n\r\n", 400},
        {"ChunksTooLarge", Chunked + "400\r\n" + std::string(1024, 'x') + "\r\n400\r\n", 413},
        {"EndlessChunkExtension", Chunked + "3;" + std::string(6000, 'x'), 400},
    };
    return all;
}

class RequestReaderRefuses : public testing::TestWithParam<Refusal> {};

TEST_P(RequestReaderRefuses, HoweverItIsCut) {
    Limits limits;
    limits.bodyBytes = 1500;
    for (const std::size_t step : {std::size_t(1), std::size_t(7), std::size_t(100'000)}) {
        RequestReader reader(limits);
        std::string rest;
        const State state = feed(reader, GetParam().text, step, rest);
        ASSERT_EQ(state, State::Refused) << "in steps of " << step;
        // An absurd length may be read as too large or as malformed; both are refusals.
        if (reader.refusalStatus() != 413 || GetParam().status != 400) {
            EXPECT_EQ(reader.refusalStatus(), GetParam().status) << reader.refusalReason();
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, RequestReaderRefuses, testing::ValuesIn(refusals()),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(RequestReader, ReadsPipelinedRequestsInAnyCut) {
    const std::string first = "POST /a%20b?x=1&y HTTP/1.1\r\nHost: h:1\r\nContent-Length: 3\r\nX-One: 1\r\n\r\nabc";
    const std::string second = Chunked + "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nAuthorization: Bearer stolen\r\n\r\n";
    for (std::size_t step = 1; step < 200; ++step) {
        RequestReader reader{Limits()};
        std::string rest;
        ASSERT_EQ(feed(reader, first + second, step, rest), State::Complete);
        EXPECT_EQ(reader.request().method, "POST");
        EXPECT_EQ(reader.request().path, "/a%20b");
        EXPECT_EQ(reader.request().query, "x=1&y");
        EXPECT_EQ(reader.request().headers.value("x-one"), "1");
        EXPECT_EQ(reader.request().body, "abc");
        EXPECT_TRUE(reader.keepAlive());
        reader.reset();
        State state = State::HeaderDone;
        while (state == State::HeaderDone || state == State::Body || state == State::Header) {
            state = reader.advance(rest);
            ASSERT_FALSE(state == State::Body || state == State::Header) << "step " << step;
        }
        ASSERT_EQ(state, State::Complete);
        EXPECT_EQ(reader.request().body, "abcde");
        EXPECT_FALSE(reader.request().headers.contains("Authorization")) << "a trailer became a header";
        EXPECT_TRUE(rest.empty());
    }
}

TEST(RequestReader, HeaderLimits) {
    Limits limits;
    RequestReader large(limits);
    std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(limits.headerBytes, 'x');
    EXPECT_EQ(large.advance(bytes), State::Refused);
    EXPECT_EQ(large.refusalStatus(), 431);

    std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 64; ++i) {
        many += "X-" + std::to_string(i) + ": 1\r\n";
    }
    many += "\r\n";
    RequestReader counting(limits);
    EXPECT_EQ(counting.advance(many), State::Refused);
    EXPECT_EQ(counting.refusalStatus(), 431);
}

} // namespace
} // namespace gatehouse::http_server
