#include "core/signing/PublicKey.h"
#include "core/signing/Signing.h"
#include "tests/support/PackFixture.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>
#include <sys/stat.h>
#include <thread>

namespace gatehouse::signing {
namespace {

unsigned modeOf(const std::filesystem::path& path) {
    struct stat info {};

    EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
    return info.st_mode & 07777;
}

/// The other signature that plain ECDSA would accept for the same message: s replaced by n - s.
std::string mirrored(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    EC_GROUP* group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    BIGNUM* s = BN_dup(ECDSA_SIG_get0_s(signature));
    BN_sub(s, EC_GROUP_get0_order(group), s);
    ECDSA_SIG_set0(signature, BN_dup(ECDSA_SIG_get0_r(signature)), s);
    unsigned char* out = nullptr;
    const int length = i2d_ECDSA_SIG(signature, &out);
    std::string text(reinterpret_cast<char*>(out), static_cast<std::size_t>(length));
    OPENSSL_free(out);
    ECDSA_SIG_free(signature);
    EC_GROUP_free(group);
    return text;
}

TEST(FileSigner, SignsWithBothKindsOfKey) {
    const test::TemporaryFolder folder;
    for (const char* type : {"ed25519", "p256"}) {
        const auto signer = openFileSigner(test::writeKey(folder.path(), type));
        ASSERT_TRUE(signer) << signer.error().describe();
        const std::string signature = *(*signer)->sign("message");
        const PublicKey key = *PublicKey::fromPem((*signer)->publicKeyPem());
        EXPECT_TRUE(key.verify("message", signature)) << type;
        EXPECT_FALSE(key.verify("massage", signature)) << type;
        EXPECT_FALSE(key.verify("message", "")) << type;
        EXPECT_EQ(key.fingerprint(), (*signer)->keyFingerprint());
        EXPECT_TRUE(key.fingerprint().starts_with("SHA256:"));
    }
}

TEST(FileSigner, AnEcdsaSignatureHasOneSpellingOnly) {
    const test::TemporaryFolder folder;
    const auto signer = openFileSigner(test::writeKey(folder.path(), "p256"));
    const PublicKey key = *PublicKey::fromPem((*signer)->publicKeyPem());
    for (int i = 0; i < 20; ++i) {
        const std::string message = "message " + std::to_string(i);
        const std::string signature = *(*signer)->sign(message);
        EXPECT_TRUE(key.verify(message, signature));
        EXPECT_FALSE(key.verify(message, mirrored(signature)));
        EXPECT_FALSE(key.verify(message, signature + '\0'));
    }
}

TEST(FileSigner, RefusesOtherKeysAndOpenFiles) {
    const test::TemporaryFolder folder;
    for (const char* type : {"p384", "rsa"}) {
        const auto signer = openFileSigner(test::writeKey(folder.path(), type));
        ASSERT_FALSE(signer) << type;
        EXPECT_EQ(signer.error().kind, ErrorKind::Unsupported) << type;
    }
    const std::filesystem::path key = test::writeKey(folder.path(), "ed25519");
    ::chmod(key.c_str(), 0644);
    const auto open = openFileSigner(key);
    ASSERT_FALSE(open);
    EXPECT_NE(open.error().describe().find("chmod 600"), std::string::npos);
    test::spill(folder / "junk.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    ::chmod((folder / "junk.pem").c_str(), 0600);
    EXPECT_FALSE(openFileSigner(folder / "junk.pem"));
    EXPECT_EQ(openFileSigner(folder / "none.pem").error().kind, ErrorKind::NotFound);
}

TEST(FileSigner, MakesAKeyOnFirstUseAndKeepsIt) {
    const test::TemporaryFolder folder;
    const std::filesystem::path key = folder / "config/gatehouse/signing-key.pem";
    const auto first = openOrCreateFileSigner(key);
    ASSERT_TRUE(first) << first.error().describe();
    EXPECT_EQ(modeOf(key), 0600U);
    EXPECT_EQ(modeOf(key.string() + ".pub"), 0644U);
    EXPECT_EQ(modeOf(key.parent_path()), 0700U);
    EXPECT_EQ(test::slurp(key.string() + ".pub"), (*first)->publicKeyPem());
    std::filesystem::remove(key.string() + ".pub");
    const auto second = openOrCreateFileSigner(key);
    ASSERT_TRUE(second);
    EXPECT_EQ((*second)->keyFingerprint(), (*first)->keyFingerprint());
    EXPECT_TRUE(std::filesystem::exists(key.string() + ".pub"));
    test::spill(key.string() + ".pub", "something else");
    EXPECT_FALSE(openOrCreateFileSigner(key));
}

TEST(FileSigner, TwoAtOnceEndWithTheSameKey) {
    const test::TemporaryFolder folder;
    std::string fingerprints[4];
    {
        std::vector<std::jthread> threads;
        for (std::string& fingerprint : fingerprints) {
            threads.emplace_back([&] {
                const auto signer = openOrCreateFileSigner(folder / "k.pem");
                fingerprint = signer ? (*signer)->keyFingerprint() : signer.error().describe();
            });
        }
    }
    for (const std::string& fingerprint : fingerprints) {
        EXPECT_EQ(fingerprint, fingerprints[0]);
    }
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 2);
}

TEST(PublicKey, TakesOneKeyAndNothingElse) {
    const test::TemporaryFolder folder;
    const auto signer = openFileSigner(test::writeKey(folder.path(), "ed25519"));
    const std::string pem = (*signer)->publicKeyPem();
    EXPECT_TRUE(PublicKey::fromPem(pem));
    EXPECT_TRUE(PublicKey::fromPem("\n" + pem + "\n"));
    EXPECT_FALSE(PublicKey::fromPem(pem + pem));
    EXPECT_FALSE(PublicKey::fromPem(""));
    EXPECT_FALSE(PublicKey::fromPem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"));
    EXPECT_FALSE(PublicKey::fromPem(test::slurp(folder / "ed25519.pem")));
}

} // namespace
} // namespace gatehouse::signing
