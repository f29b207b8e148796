#include "core/api/Names.h"
#include "core/api/GatewayDuration.h"
#include "core/api/Quantity.h"
#include "core/api/Validation.h"

#include <gtest/gtest.h>

namespace gatehouse::api {
namespace {

using std::chrono::milliseconds;

TEST(Slug, FollowsTheReference) {
    EXPECT_EQ(slug(std::string(60, 'a')), std::string(48, 'a') + "-11ee3912");
    EXPECT_EQ(slug("Qwen3_30B-A3B"), "qwen3-30b-a3b");
    EXPECT_EQ(slug("my-model"), "my-model");
    EXPECT_EQ(slug("a.b__c"), "a-b-c");
    EXPECT_NE(slug(std::string(60, 'a') + "x"), slug(std::string(60, 'a') + "y"));
    EXPECT_LE(slug(std::string(300, 'z')).size(), 63U);
}

TEST(Names, SuggestionsAreValid) {
    for (const char* bad : {"llama-3.1", "70b-chat", "_", "...", "Üñ", "A",
                            "9999999999999999999999999999999999999999999999999999999999999999"}) {
        EXPECT_TRUE(isServiceName(suggestServiceName(bad, 59))) << bad << " → " << suggestServiceName(bad, 59);
    }
}

TEST(Names, Keys) {
    EXPECT_TRUE(isQualifiedName("llm.nebari.dev/cleanup"));
    EXPECT_FALSE(isQualifiedName("Llm.dev/x/y"));
    EXPECT_FALSE(isDataKey("../x"));
    EXPECT_TRUE(isDataKey("user-a_b.c"));
    EXPECT_FALSE(isDnsSubdomain("a..b"));
    EXPECT_FALSE(isDnsSubdomain("a.b."));
}

TEST(Quantities, HaveASign) {
    for (const char* positive : {"200Gi", "1", "0.5", ".5", "5.", "1e3", "500m", "+3k", "1E", "2Ei"}) {
        EXPECT_EQ(quantitySign(positive), 1) << positive;
    }
    EXPECT_EQ(quantitySign("0"), 0);
    EXPECT_EQ(quantitySign("0.0Gi"), 0);
    EXPECT_EQ(quantitySign("-1Gi"), -1);
    for (const char* bad : {"", "Gi", "10 Gi", "10GB", "1.2.3", "e5", ".", "1e", "0x10", "١"}) {
        EXPECT_EQ(quantitySign(bad), std::nullopt) << bad;
    }
}

TEST(GatewayDuration, Vectors) {
    EXPECT_EQ(parseGatewayDuration("600s"), milliseconds(600'000));
    EXPECT_EQ(parseGatewayDuration("1h30m5s10ms"), milliseconds(5'405'010));
    EXPECT_EQ(parseGatewayDuration("0s"), milliseconds(0));
    for (const char* bad : {"", "10", "s", "100000s", "1h1m1s1ms1s", "1d", "1.5s", "-1s", "1s "}) {
        EXPECT_EQ(parseGatewayDuration(bad), std::nullopt) << bad;
    }
}

TEST(UpstreamUrls, OnlyHostPortAndPrefix) {
    const Result<UpstreamUrl> plain = parseUpstreamUrl("http://127.0.0.1:8001");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->host, "127.0.0.1");
    EXPECT_EQ(plain->port, 8001);
    EXPECT_EQ(plain->prefix, "");
    EXPECT_EQ(parseUpstreamUrl("http://h/v1/")->prefix, "");
    EXPECT_EQ(parseUpstreamUrl("https://h/openai/v1")->prefix, "/openai/v1");
    EXPECT_EQ(parseUpstreamUrl("https://h")->port, 443);
    EXPECT_EQ(parseUpstreamUrl("http://[::1]:80")->host, "::1");
    EXPECT_TRUE(parseUpstreamUrl("http://gpu7:8000"));
    EXPECT_TRUE(parseUpstreamUrl("http://10.0.0.7.nip.io"));
    for (const char* bad : {"",
                            "127.0.0.1:8001",
                            "ftp://h",
                            "http://",
                            "http://:80",
                            "http://u@h",
                            "http://u:p@h:80",
                            "http://h:0",
                            "http://h:65536",
                            "http://h:80x",
                            "http://h:",
                            "http://h?x",
                            "http://h/#x",
                            "http://h/a b",
                            "http://h//x",
                            "http://h/../x",
                            "http://h/%2e",
                            "http://[::1",
                            "http://[]:80",
                            "http://[::1]80",
                            "http://a_b:1",
                            "HTTP://h",
                            "http://h\n:80",
                            "http://h:80/\r\nx",
                            "http://169.254.169.254",
                            "http://[::ffff:169.254.169.254]:80",
                            "http://[fe80::1]:80",
                            "http://2852039166",
                            "http://0xA9FEA9FE",
                            "http://169.254.43518",
                            "http://0251.0376.0251.0376",
                            "http://127.1:80",
                            "http://h.0x1"}) {
        EXPECT_FALSE(parseUpstreamUrl(bad)) << bad;
    }
    EXPECT_EQ(parseUpstreamUrl("http://user:hunter2@h").error().describe().find("hunter2"), std::string::npos);
}

} // namespace
} // namespace gatehouse::api
