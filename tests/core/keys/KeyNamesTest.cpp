#include "core/keys/KeyNames.h"

#include <gtest/gtest.h>
#include <set>

namespace gatehouse::keys {
namespace {

TEST(KeyNames, HashesAsTheExistingKeyManager) {
    EXPECT_EQ(shortHash({"chuck", "phi4-mini"}), "476079e8fc69d8c621e4aaf2b3a619d1");
    EXPECT_EQ(shortHash({"alice", "phi4-mini"}), "9ff3446b2a77eb12a73cb5d5919a1e63");
    EXPECT_EQ(shortHash({"chuck", "my-model"}), "65b7f4a449933a6184bdf9779046d878");
    EXPECT_NE(shortHash({"a", "b"}), shortHash({"ab"}));
    EXPECT_NE(shortHash({"a", "b"}), shortHash({"ab", ""}));
}

TEST(KeyNames, SanitizesAsTheExistingKeyManager) {
    EXPECT_EQ(sanitize("alice@example.com"), "alice-at-example.com-ff8d9819fc0e12bf0d24892e45987e24");
    EXPECT_EQ(sanitize("weird@@example.com"), "weird-at--at-example.com-d5641a0e3fa38a581fbd6ffd29f970cc");
    EXPECT_EQ(sanitize("alice smith"), "alice-smith-038bd15a1ecf0f7b85db10beda1695ed");
    EXPECT_EQ(sanitize("alicé"), "alic---6dba1f9539a0e88583e9034e656a3822");
    EXPECT_EQ(sanitize("alice+tag@example.com"), "alice-tag-at-example.com-567e25214281f7004cf65c7a16fd5868");
    for (const char* plain : {"", "alice", "a.b-c_d", "ALICE", "user123", "-", "."}) {
        EXPECT_EQ(sanitize(plain), plain);
    }
}

TEST(KeyNames, DifferentOwnersNeverShareAPrefix) {
    const std::vector<std::pair<std::string, std::string>> pairs{{"mary", "jane-chat"},
                                                                 {"mary-jane", "chat"},
                                                                 {"alice@example.com", "m"},
                                                                 {"alice-at-example.com", "m"},
                                                                 {sanitize("alice@example.com"), "m"},
                                                                 {"a b", "m"},
                                                                 {"a-b", "m"},
                                                                 {"a+b", "m"},
                                                                 {"", "m"}};
    std::set<std::string> prefixes;
    for (const auto& [user, model] : pairs) {
        EXPECT_TRUE(prefixes.insert(clientIdPrefix(user, model)).second) << user << " " << model;
    }
    EXPECT_EQ(clientIdPrefix("chuck", "phi4-mini"), "user-chuck-phi4-mini-476079e8fc69d8c621e4aaf2b3a619d1-");
}

TEST(KeyNames, ClientIdsFitIntoASecret) {
    std::string weird;
    for (int i = 0; i < 60; ++i) {
        weird += "@é😀\n";
    }
    const std::string many(320, 'x');
    const std::string model(253, 'm');
    std::set<std::string> prefixes;
    for (const std::string& owner : {weird, many, many + "y", std::string(1, '\0'), std::string("../../x")}) {
        const std::string prefix = clientIdPrefix(owner, model);
        EXPECT_LE(prefix.size() + 6, ClientIdLimit);
        EXPECT_EQ(sanitize(prefix), prefix) << "only characters that a data key may have";
        EXPECT_TRUE(prefixes.insert(prefix).second) << "what was cut is told apart by the hash";
    }
}

TEST(KeyNames, ValuesAreLongAndDifferent) {
    std::set<std::string> values;
    for (int i = 0; i < 1000; ++i) {
        const Secret value = newKeyValue();
        ASSERT_EQ(value.size(), 35U);
        ASSERT_TRUE(value.reveal().starts_with("sk-"));
        ASSERT_EQ(value.reveal().substr(3).find_first_not_of(
                      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                  std::string_view::npos);
        values.emplace(value.reveal());
    }
    EXPECT_EQ(values.size(), 1000U);
}

TEST(KeyNames, ObjectNamesAndBack) {
    EXPECT_EQ(secretNameOf("chat"), "chat-api-keys");
    EXPECT_EQ(modelOfSecretName("chat-api-keys"), "chat");
    EXPECT_EQ(modelOfMetadataName("chat-api-key-metadata"), "chat");
    EXPECT_EQ(modelOfSecretName("-api-keys"), "");
    EXPECT_EQ(modelOfSecretName("chat"), "");
    EXPECT_EQ(modelOfSecretName("chat-api-key-metadata"), "");
}

} // namespace
} // namespace gatehouse::keys
