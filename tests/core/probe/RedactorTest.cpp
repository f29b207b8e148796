#include "core/probe/Redactor.h"

#include "core/crypto/Crypto.h"
#include "core/probe/ProbeRequest.h"

#include <gtest/gtest.h>

using namespace gatehouse;
using namespace gatehouse::probe;

namespace {

std::string makeKey() {
    return "sk-" + crypto::base64Url(crypto::randomBytes(24));
}

std::string cleaned(const Redactor& redactor, const std::string& text) {
    return Redactor::cut(text, redactor.find(text));
}

} // namespace

TEST(Redactor, CutsASecretWhereverItStands) {
    const std::string key = makeKey();
    Redactor redactor("run-1");
    redactor.add("key", key);
    const std::string text = "a " + key + " b " + key;
    const auto cuts = redactor.find(text);
    ASSERT_EQ(cuts.size(), 2U);
    EXPECT_EQ(cuts[0].offset, 2U);
    EXPECT_EQ(cuts[0].length, key.size());
    EXPECT_EQ(cuts[0].what, "key");
    EXPECT_EQ(cuts[0].fingerprint, crypto::sha256Hex("run-1:" + key).substr(0, 12));
    EXPECT_EQ(Redactor::cut(text, cuts), "a <redacted:35 bytes> b <redacted:35 bytes>");
    EXPECT_TRUE(redactor.find("nothing here, sk-only").empty());
}

TEST(Redactor, CutsOtherSpellings) {
    for (int round = 0; round < 50; ++round) {
        const std::string key = makeKey();
        Redactor redactor("run");
        redactor.add("key", key);
        std::string upper = key;
        for (char& c : upper) {
            c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        }
        for (const std::string& spelt :
             {upper, key.substr(0, key.size() - 1), key.substr(4), key.substr(5, 20), crypto::hex(key)}) {
            EXPECT_EQ(cleaned(redactor, "<" + spelt + ">"), "<<redacted:" + std::to_string(spelt.size()) + " bytes>>");
        }
        for (const char* lead : {"", "x:", "Bearer ", "user:"}) {
            const std::string encoded = crypto::base64(lead + key);
            const std::string left = cleaned(redactor, encoded);
            // What is left beside the cut is less than a Base64 group of the key at each end.
            const std::size_t start = left.find("<redacted:");
            ASSERT_NE(start, std::string::npos) << lead;
            EXPECT_LE(left.size() - left.find('>') - 1, 4U) << lead;
        }
    }
}

TEST(Redactor, CutsShortSecretsExactly) {
    Redactor redactor("run");
    redactor.add("pin", "ab12");
    EXPECT_EQ(cleaned(redactor, "xab12y"), "x<redacted:4 bytes>y");
    redactor.add("nothing", "");
    EXPECT_EQ(cleaned(redactor, "plain"), "plain");
}

TEST(Redactor, MergesCutsThatTouchEachOther) {
    const std::vector<Transcript::Cut> merged =
        Redactor::merge({{10, 5, "a", "f"}, {0, 3, "b", "g"}}, {{12, 8, "c", "h"}, {2, 1, "d", "i"}});
    ASSERT_EQ(merged.size(), 2U);
    EXPECT_EQ(merged[0].offset, 0U);
    EXPECT_EQ(merged[0].length, 3U);
    EXPECT_EQ(merged[1].offset, 10U);
    EXPECT_EQ(merged[1].length, 10U);
}

TEST(RequestBytes, KeepsTheOffsetOfTheSecret) {
    const std::string key = makeKey();
    const Redactor redactor("run");
    ProbeRequest request{"POST", "/v1/chat/completions", {}, "{}", "application/json"};
    request.headers.push_back({"Authorization", "Bearer ", Secret::copyOf(key), "credential"});
    const RequestBytes bytes(BaseUrl::parse("https://h.example:444/p/").value(), request, "nonce-1", redactor);
    const std::string text(bytes.bytes());
    EXPECT_EQ(text.rfind("POST /p/v1/chat/completions HTTP/1.1\r\nHost: h.example:444\r\n", 0), 0U);
    EXPECT_NE(text.find("User-Agent: gatehouse-probe/" GATEHOUSE_VERSION "\r\n"), std::string::npos);
    EXPECT_NE(text.find("X-Request-Id: nonce-1\r\n"), std::string::npos);
    EXPECT_NE(text.find("Content-Length: 2\r\n\r\n{}"), std::string::npos);
    ASSERT_EQ(bytes.cuts().size(), 1U);
    EXPECT_EQ(text.substr(bytes.cuts()[0].offset, bytes.cuts()[0].length), key);
    EXPECT_EQ(Redactor::cut(text, bytes.cuts()).find(key), std::string::npos);
}

TEST(BaseUrl, TakesHttpAndHttpsAndNothingOdd) {
    const auto url = BaseUrl::parse("https://[::1]:9001/a/b//");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->authority(), "[::1]:9001");
    EXPECT_EQ(url->path, "/a/b");
    EXPECT_EQ(BaseUrl::parse("http://h.example")->authority(), "h.example");
    for (const char* text : {"", "ftp://h", "https://", "https://u:p@h", "https://h/?q", "https://h#f", "https://h:0",
                             "https://h:65536", "https://h:", "https://h:1x", "https://h h", "https://h\r\nX: y",
                             "https://[::1", "https://[zz]", "https://h\\a", "https://[::1]x"}) {
        EXPECT_FALSE(BaseUrl::parse(text)) << text;
    }
    EXPECT_EQ(BaseUrl::parse("https://user:secret@h").error().message.find("secret"), std::string::npos);
}
