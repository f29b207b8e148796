#include "core/probe/HttpResponseParser.h"

#include <gtest/gtest.h>

using namespace gatehouse::probe;
using State = HttpResponseParser::State;

namespace {

/// Fed at once and byte by byte: both must come to the same end.
State parse(const std::string& bytes, HttpResponse* response = nullptr, std::string* problem = nullptr,
            bool closed = true, HttpResponseParser::Limits limits = {}) {
    HttpResponseParser whole(limits);
    whole.feed(bytes);
    HttpResponseParser slow(limits);
    for (const char& byte : bytes) {
        slow.feed(std::string_view(&byte, 1));
    }
    if (closed) {
        whole.finish();
        slow.finish();
    }
    EXPECT_EQ(static_cast<int>(whole.state()), static_cast<int>(slow.state())) << bytes.substr(0, 200);
    EXPECT_EQ(whole.response().body, slow.response().body);
    if (response != nullptr) {
        *response = whole.response();
    }
    if (problem != nullptr) {
        *problem = whole.problem();
    }
    return whole.state();
}

} // namespace

TEST(HttpResponseParser, ReadsFixedChunkedAndClosedBodies) {
    HttpResponse response;
    EXPECT_EQ(
        parse("HTTP/1.1 401 Unauthorized\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello", &response, nullptr, false),
        State::Complete);
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(*response.header("SERVER"), "x");
    EXPECT_EQ(response.body, "hello");
    EXPECT_EQ(
        parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nT: v\r\n\r\n",
              &response, nullptr, false),
        State::Complete);
    EXPECT_EQ(response.body, "hello world");
    EXPECT_TRUE(response.chunked);
    EXPECT_EQ(parse("HTTP/1.0 200 OK\r\n\r\nuntil close", &response), State::Complete);
    EXPECT_EQ(response.body, "until close");
    EXPECT_EQ(parse("HTTP/1.1 204\r\n\r\n", &response, nullptr, false), State::Complete);
}

TEST(HttpResponseParser, SkipsInterimAnswersButNotManyOfThem) {
    HttpResponse response;
    const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    EXPECT_EQ(parse(interim + interim + "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", &response), State::Complete);
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(response.header("Link"), nullptr) << "headers of an interim answer do not count";
    std::string flood;
    for (int i = 0; i < 9; ++i) {
        flood += interim;
    }
    EXPECT_EQ(parse(flood + "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"), State::Failed);
}

TEST(HttpResponseParser, RefusesHostileBytes) {
    const std::string nul("\0", 1);
    const std::string ok = "HTTP/1.1 401 No\r\n";
    for (const std::string& bytes : std::vector<std::string>{
             "",
             "garbage\r\n\r\n",
             "HTTP/2 401\r\n\r\n",
             "HTTP/1.1 4O1 No\r\n\r\n",
             "HTTP/1.1 999 No\r\n\r\n",
             "HTTP/1.1 99 No\r\n\r\n",
             "HTTP/1.1  401 No\r\n\r\n",
             "HTTP/1.1 401 N\x01o\r\n\r\n",
             "HTTP/1.1 401 No\nContent-Length: 0\n\n",
             ok + "Content-Length: 0\n\r\n",
             ok + "Content-Length : 0\r\n\r\n",
             ok + " folded: x\r\n\r\n",
             ok + "A: b\r\n continued\r\nContent-Length: 0\r\n\r\n",
             ok + "A" + nul + ": b\r\n\r\n",
             ok + "A: b" + nul + "c\r\n\r\n",
             ok + "A: b\rc\r\n\r\n",
             ok + ": no name\r\n\r\n",
             ok + "no colon\r\n\r\n",
             ok + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
             ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
             ok + "Content-Length: -1\r\n\r\n",
             ok + "Content-Length: +1\r\n\r\nx",
             ok + "Content-Length: 1, 1\r\n\r\nx",
             ok + "Content-Length: 0x1\r\n\r\nx",
             ok + "Content-Length: 99999999999999999999\r\n\r\nx",
             ok + "Content-Length:\r\n\r\n",
             ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
             ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             ok + "Transfer-Encoding: identity\r\n\r\nx",
             "HTTP/1.0 401 No\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
             ok + "Transfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n",
             ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n",
             ok + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
             ok + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n",
             ok + "Transfer-Encoding: chunked\r\n\r\n5;" + std::string(400, 'e') + "\r\nhello\r\n0\r\n\r\n",
             ok + "Content-Length: 10\r\n\r\nshort",
             ok + "Content-Length: 2\r\n\r\nxxHTTP/1.1 200 OK\r\n\r\n",
             ok + "A: b\r\n",
             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
             ok + "A: " + std::string(70'000, 'a') + "\r\n\r\n",
             std::string(70'000, 'a'),
         }) {
        std::string problem;
        EXPECT_EQ(parse(bytes, nullptr, &problem), State::Failed) << bytes.substr(0, 120);
        EXPECT_FALSE(problem.empty());
    }
    std::string many = ok;
    for (int i = 0; i < 200; ++i) {
        many += "A: b\r\n";
    }
    EXPECT_EQ(parse(many + "Content-Length: 0\r\n\r\n"), State::Failed);
}

TEST(HttpResponseParser, EndsAtTheBodyLimitAndSaysSo) {
    HttpResponseParser::Limits limits;
    limits.bodyBytes = 10;
    HttpResponse response;
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    EXPECT_EQ(parse(ok + "Content-Length: 10\r\n\r\n0123456789", &response, nullptr, false, limits), State::Complete);
    EXPECT_FALSE(response.bodyTruncated);
    for (const std::string& framed :
         {ok + "Content-Length: 1000000\r\n\r\n0123456789abcdef", ok + "\r\n0123456789abcdef",
          ok + "Transfer-Encoding: chunked\r\n\r\nFFFFF\r\n0123456789abcdef"}) {
        HttpResponseParser parser(limits);
        EXPECT_EQ(parser.feed(framed), State::Complete) << framed;
        EXPECT_TRUE(parser.response().bodyTruncated);
        EXPECT_EQ(parser.response().body, "0123456789");
    }
}

TEST(HttpResponseParser, AHeadAnswerHasNoBody) {
    HttpResponseParser parser({}, true);
    EXPECT_EQ(parser.feed("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"), State::Complete);
}
