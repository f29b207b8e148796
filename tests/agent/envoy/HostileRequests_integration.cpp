#include "tests/agent/envoy/GatewayFixture.h"
#include "tests/agent/envoy/Http2Bytes.h"
#include "tests/agent/envoy/RawTls.h"

#include <algorithm>
#include <fstream>

/// Every line of hostile_requests.jsonl is one connection to the gateway:
///
///   name      group and what it tries
///   raw       the bytes to send; or else a request is made of
///   method    (POST), target (/v1/chat/completions), host ("Host: gateway"; null: none), headers (lines to add),
///             type (content type, application/json; null: none), body ({"model":"org/a"})
///   h2        instead: the header fields of one HTTP/2 request, in order
///   plain     send it without TLS
///   status    the statuses that may come first; 0 is a connection closed, or left waiting, without an answer
///   then      the statuses of further answers on the same connection, in order
///   reach     how many requests may get to model A's server; 0 unless said
///
/// {A} {B} are the keys of the two models, {SHA} the digest of A's, <<x*n>> is x n times; characters are bytes.
/// Model B's server is reached by none of them: no line has B's key where it counts.
namespace gatehouse::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

struct Case {
    std::string name;
    std::string bytes;
    std::string protocol = "http/1.1"; ///< ALPN; empty: plain
    std::vector<int> status;
    std::vector<int> then;
    std::size_t reach = 0;
};

void replaceAll(std::string& text, std::string_view what, std::string_view by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
        text.replace(at, what.size(), by);
    }
}

/// JSON's characters up to U+00FF as bytes, with the place-holders filled in.
std::string bytesOf(const json::Value& value, std::uint16_t portB) {
    std::string out;
    const std::string utf8(value.as_string());
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(utf8[i]);
        if (byte >= 0xc2 && byte <= 0xc3) {
            out += static_cast<char>((byte & 3) << 6 | (static_cast<std::uint8_t>(utf8[++i]) & 63));
        } else {
            out += utf8[i];
        }
    }
    for (std::size_t at = 0; (at = out.find("<<")) != std::string::npos;) {
        const std::size_t end = out.find(">>", at);
        const std::size_t star = out.rfind('*', end);
        std::string repeated;
        for (int n = std::stoi(out.substr(star + 1, end - star - 1)); n > 0; --n) {
            repeated += out.substr(at + 2, star - at - 2);
        }
        out.replace(at, end + 2 - at, repeated);
    }
    replaceAll(out, "{A}", KeyA);
    replaceAll(out, "{B}", KeyB);
    replaceAll(out, "{SHA}", crypto::sha256Hex(KeyA));
    replaceAll(out, "{UPSTREAM_B}", "127.0.0.1:" + std::to_string(portB));
    return out;
}

std::vector<int> numbers(const json::Value& line, std::string_view name) {
    std::vector<int> out;
    if (const json::Value* list = json::find(line, name)) {
        for (const json::Value& item : list->as_array()) {
            out.push_back(static_cast<int>(item.as_int64()));
        }
    }
    return out;
}

std::string plainRequest(const json::Value& line, const std::string& body, std::uint16_t portB) {
    const auto given = [&](std::string_view name, const std::string& usual) {
        const json::Value* value = json::find(line, name);
        return value == nullptr ? usual : value->is_null() ? std::string() : bytesOf(*value, portB);
    };
    std::string out = given("method", "POST") + " " + given("target", "/v1/chat/completions") + " HTTP/1.1\r\n";
    const std::string host = given("host", "Host: gateway");
    out += host.empty() ? "" : host + "\r\n";
    if (const json::Value* headers = json::find(line, "headers")) {
        for (const json::Value& header : headers->as_array()) {
            out += bytesOf(header, portB) + "\r\n";
        }
    }
    const std::string type = given("type", "application/json");
    out += type.empty() || body.empty() ? "" : "Content-Type: " + type + "\r\n";
    out += body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return out + "\r\n" + body;
}

Case readCase(const json::Value& line, std::uint16_t portB) {
    Case out;
    out.name = json::text(line, "name");
    out.status = numbers(line, "status");
    out.then = numbers(line, "then");
    out.reach = static_cast<std::size_t>(json::number(line, "reach"));
    const json::Value* body = json::find(line, "body");
    const std::string bodyBytes = body == nullptr ? R"({"model":"org/a"})" : bytesOf(*body, portB);
    if (const json::Value* fields = json::find(line, "h2")) {
        std::vector<std::pair<std::string, std::string>> list;
        for (const json::Value& field : fields->as_array()) {
            list.emplace_back(bytesOf(field.at(0), portB), bytesOf(field.at(1), portB));
        }
        out.bytes = http2::request(list, bodyBytes);
        out.protocol = "h2";
    } else if (const json::Value* raw = json::find(line, "raw")) {
        out.bytes = bytesOf(*raw, portB);
    } else {
        out.bytes = plainRequest(line, bodyBytes, portB);
    }
    if (json::flag(line, "plain")) {
        out.protocol.clear();
    }
    return out;
}

/// The statuses of the complete HTTP/1.1 answers in `bytes`.
std::vector<int> answersIn(const std::string& bytes, bool toHead) {
    std::vector<int> out;
    for (std::size_t at = 0; bytes.compare(at, 7, "HTTP/1.") == 0;) {
        const std::size_t end = bytes.find("\r\n\r\n", at);
        if (end == std::string::npos) {
            break;
        }
        const int status = std::atoi(bytes.c_str() + at + 9);
        const std::string head = bytes.substr(at, end - at);
        const std::size_t length = head.find("content-length: ");
        const std::size_t size =
            length == std::string::npos || toHead ? 0 : std::strtoul(head.c_str() + length + 16, nullptr, 10);
        out.push_back(status);
        at = end + 4 + size;
        if (at >= bytes.size()) {
            break;
        }
    }
    return out;
}

/// Sends the case's bytes and returns the statuses of the answers; {0} when there was none.
std::vector<int> run(const Case& wanted, std::uint16_t port) {
    RawConnection connection(port, wanted.protocol);
    connection.send(wanted.bytes);
    const bool mayBeSilent = std::find(wanted.status.begin(), wanted.status.end(), 0) != wanted.status.end();
    const auto end = steady_clock::now() + (mayBeSilent ? milliseconds(400) : milliseconds(5000));
    const bool toHead = wanted.bytes.starts_with("HEAD ");
    std::string bytes;
    std::vector<int> answers;
    while (steady_clock::now() < end) {
        const auto more = connection.receive(milliseconds(20));
        if (!more) {
            break;
        }
        bytes += *more;
        if (wanted.protocol == "h2") {
            if (const auto outcome = http2::outcome(bytes)) {
                return {*outcome};
            }
            continue;
        }
        answers = answersIn(bytes, toHead);
        const bool interim = answers.size() == 1 && answers[0] == 100;
        if (more->empty() && !interim && answers.size() > wanted.then.size()) {
            break;
        }
    }
    if (wanted.protocol != "h2") {
        answers = answersIn(bytes, toHead);
    }
    return answers.empty() ? std::vector<int>{0} : answers;
}

std::string words(const std::vector<int>& list) {
    std::string out;
    for (const int number : list) {
        out += (out.empty() ? "" : " ") + std::to_string(number);
    }
    return out;
}

} // namespace

class HostileRequests : public GatewayFixture {
protected:
    void checkAnswers(const Case& wanted, std::vector<int> answers) {
        if (answers.size() > 1 && answers[0] == 100) {
            answers.erase(answers.begin());
        }
        EXPECT_TRUE(std::find(wanted.status.begin(), wanted.status.end(), answers[0]) != wanted.status.end())
            << "answered " << words(answers) << ", wanted one of " << words(wanted.status);
        const std::vector<int> rest(answers.begin() + 1, answers.end());
        if (answers[0] == 200 && !wanted.then.empty()) {
            EXPECT_EQ(words(rest), words(wanted.then));
        }
        if (wanted.reach == 0 && wanted.name.find("models") == std::string::npos &&
            wanted.name.find("method-key/override") == std::string::npos) {
            EXPECT_EQ(std::count(answers.begin(), answers.end(), 200), 0) << words(answers);
        }
    }

    /// What got through must be what the key opens, and must carry neither key nor decision.
    void checkReached(const Case& wanted) {
        EXPECT_EQ(upstreamB.take().size(), 0U) << "model B was reached";
        const auto seen = upstreamA.take();
        EXPECT_LE(seen.size(), wanted.reach) << "model A was reached";
        for (const RecordingUpstream::Seen& request : seen) {
            EXPECT_EQ(request.head.find("sk-"), std::string::npos) << request.head;
            EXPECT_EQ(request.head.find("x-gatehouse"), std::string::npos) << request.head;
            EXPECT_EQ(request.head.find("muggled"), std::string::npos) << request.head;
            std::string head = request.head;
            replaceAll(head, "\r\ntransfer-encoding: chunked\r\n", "\r\n"); // Envoy's own, where no length was given
            EXPECT_EQ(head.find("transfer-encoding"), std::string::npos) << request.head;
            EXPECT_TRUE(request.head.starts_with("POST /v1/chat/completions")) << request.head;
            const auto body = json::parse(request.body);
            EXPECT_TRUE(body) << request.body;
            EXPECT_EQ(json::text(body.value_or(nullptr), "model"), ModelA);
        }
    }

    [[nodiscard]] std::vector<Case> cases() const {
        std::vector<Case> out;
        std::ifstream file(GATEHOUSE_SOURCE_DIR "/tests/agent/envoy/hostile_requests.jsonl");
        for (std::string line; std::getline(file, line);) {
            out.push_back(readCase(json::parse(line).value(), upstreamB.port()));
        }
        return out;
    }
};

TEST_F(HostileRequests, NothingWithoutTheRightKeyGetsThroughAndNothingStops) {
    const int pid = gateway->status().pid;
    const std::vector<Case> all = cases();
    ASSERT_GE(all.size(), 150U);
    std::size_t good = 0;
    for (const Case& wanted : all) {
        SCOPED_TRACE(wanted.name);
        const std::vector<int> answers = run(wanted, settings.port);
        checkAnswers(wanted, answers);
        good += answers[0] == 200 ? 1 : 0;
        checkReached(wanted);
    }
    EXPECT_GT(good, 10U) << "the good requests of the list must get through, or the list proves nothing";
    EXPECT_EQ(gateway->status().pid, pid) << "Envoy died";
    EXPECT_EQ(gateway->status().restarts, 0U);
    EXPECT_EQ(send(KeyA, chat(ModelA)).status, 200);
    EXPECT_EQ(send(KeyB, chat(ModelB)).status, 200);
    std::printf("%zu hostile requests, %zu of them answered 200 as they should be\n", all.size(), good);
}

TEST_F(HostileRequests, HalfOpenConnectionsDoNotKeepOthersOut) {
    std::vector<std::unique_ptr<RawConnection>> idle;
    for (int i = 0; i < 200; ++i) {
        idle.push_back(std::make_unique<RawConnection>(settings.port, ""));
        if (i % 2 == 0) {
            idle.back()->send(std::string("\x16\x03\x01\x02\x00\x01", 6)); // the beginning of a TLS hello
        }
    }
    for (int i = 0; i < 20; ++i) {
        idle.push_back(std::make_unique<RawConnection>(settings.port, "http/1.1"));
        idle.back()->send("POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthoriz");
    }
    const auto begun = steady_clock::now();
    EXPECT_EQ(send(KeyA, chat(ModelA)).status, 200);
    EXPECT_LT(steady_clock::now() - begun, seconds(3));
    EXPECT_EQ(upstreamA.count(), 1U);
}

TEST_F(HostileRequests, ABodyThatNeverEndsHoldsNobodyUp) {
    std::vector<std::unique_ptr<RawConnection>> slow;
    for (int i = 0; i < 50; ++i) {
        slow.push_back(std::make_unique<RawConnection>(settings.port, "http/1.1"));
        slow.back()->send("POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " +
                          std::string(KeyA) +
                          "\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{\"model\":\"org/a\"");
    }
    EXPECT_EQ(send(KeyA, chat(ModelA)).status, 200);
    EXPECT_EQ(upstreamA.count(), 1U);
}

TEST_F(HostileRequests, NobodyUnknownMakesUsHoldABody) {
    RawConnection connection(settings.port, "http/1.1");
    connection.send("POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
                    "Content-Length: 33000000\r\n\r\n{");
    std::string bytes;
    for (int i = 0; i < 200 && bytes.find("\r\n\r\n") == std::string::npos; ++i) {
        bytes += connection.receive(milliseconds(20)).value_or("");
    }
    EXPECT_TRUE(bytes.starts_with("HTTP/1.1 401")) << "the answer must come before the body: " << bytes.substr(0, 40);
}

} // namespace gatehouse::test
