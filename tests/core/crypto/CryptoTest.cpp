#include "core/crypto/Crypto.h"

#include <gtest/gtest.h>
#include <set>

using namespace gatehouse;

TEST(Crypto, Sha256Vectors) {
    EXPECT_EQ(crypto::sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(crypto::sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    crypto::Sha256Stream stream;
    stream.add("a");
    stream.add("bc");
    EXPECT_EQ(crypto::hex(stream.finish()), crypto::sha256Hex("abc"));
    EXPECT_EQ(*crypto::sha256FromHex(crypto::sha256Hex("abc")), crypto::sha256("abc"));
    EXPECT_FALSE(crypto::sha256FromHex("BA7816BF"));
    EXPECT_FALSE(crypto::sha256FromHex(std::string(64, 'g')));
}

TEST(Crypto, Base64IsStrict) {
    for (const std::string& bytes :
         {std::string(), std::string("f"), std::string("fo"), std::string("foo"), std::string("\0\xff\x80", 3)}) {
        EXPECT_EQ(*crypto::fromBase64(crypto::base64(bytes)), bytes);
    }
    EXPECT_EQ(crypto::base64("fo"), "Zm8=");
    for (const char* text : {"Zm8", "Zm9=", "Zg=a", "Z===", "====", "Zm 8", "Zm8=\n", "Zh=="}) {
        EXPECT_FALSE(crypto::fromBase64(text)) << text;
    }
    EXPECT_EQ(crypto::base64Url("\xfb\xff"), "-_8");
}

TEST(Crypto, RandomnessDoesNotRepeat) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        seen.insert(crypto::randomUuid());
    }
    EXPECT_EQ(seen.size(), 1000U);
    EXPECT_EQ(crypto::stableUuid("x"), crypto::stableUuid("x"));
    EXPECT_EQ(crypto::stableUuid("x")[14], '4');
}
