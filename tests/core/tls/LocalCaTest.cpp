#include "core/tls/LocalCa.h"

#include "core/files/Files.h"
#include "core/tls/OpenSsl.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

namespace gatehouse::tls {
namespace {

unsigned modeOf(const std::filesystem::path& path) {
    struct stat info {};

    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777U : 0;
}

TEST(LocalCa, MakesOnceAndKeeps) {
    test::TemporaryFolder folder;
    test::ManualClock clock;
    const auto first = LocalCa::openOrCreate(folder / "tls", clock);
    ASSERT_TRUE(first) << first.error().describe();
    const auto second = LocalCa::openOrCreate(folder / "tls", clock);
    ASSERT_TRUE(second);
    EXPECT_EQ(first->certificatePem(), second->certificatePem());
    EXPECT_EQ(modeOf(folder / "tls" / "ca.key"), 0600U);
    EXPECT_EQ(modeOf(folder / "tls"), 0700U);
}

TEST(LocalCa, ServerCertificateNamesItsHostsAndChains) {
    test::TemporaryFolder folder;
    test::ManualClock clock;
    const auto ca = LocalCa::openOrCreate(folder.path(), clock);
    ASSERT_TRUE(ca);
    const auto made = ca->ensureServer("gateway", {"localhost", "127.0.0.1", "::1", "box.example"});
    ASSERT_TRUE(made) << made.error().describe();
    EXPECT_TRUE(made->renewed);
    EXPECT_EQ(modeOf(made->keyFile), 0600U);
    const auto chain = certificates(made->identity.certificatePem);
    ASSERT_TRUE(chain);
    ASSERT_EQ(chain->size(), 2U);
    X509* leaf = chain->front().get();
    EXPECT_EQ(X509_check_ip_asc(leaf, "127.0.0.1", 0), 1);
    EXPECT_EQ(X509_check_ip_asc(leaf, "::1", 0), 1);
    EXPECT_EQ(X509_check_host(leaf, "box.example", 0, 0, nullptr), 1);
    EXPECT_EQ(X509_check_host(leaf, "evil.example", 0, 0, nullptr), 0);
    EXPECT_EQ(X509_check_ca(leaf), 0);
    const Owned<EVP_PKEY> caKey(X509_get_pubkey(chain->back().get()));
    EXPECT_EQ(X509_verify(leaf, caKey.get()), 1);
    EXPECT_EQ(certificateSha256(ca->certificatePem())->size(), 64U);
}

TEST(LocalCa, RenewsTheServerNearItsEndAndForNewNamesOnly) {
    test::TemporaryFolder folder;
    test::ManualClock clock;
    const auto ca = LocalCa::openOrCreate(folder.path(), clock);
    ASSERT_TRUE(ca);
    const auto first = ca->ensureServer("admin", {"localhost"});
    ASSERT_TRUE(first);
    clock.advance(std::chrono::hours(24) * 300);
    EXPECT_FALSE(ca->ensureServer("admin", {"localhost"})->renewed);
    EXPECT_TRUE(ca->ensureServer("admin", {"localhost", "127.0.0.1"})->renewed);
    clock.advance(std::chrono::hours(24) * 340);
    const auto later = ca->ensureServer("admin", {"localhost", "127.0.0.1"});
    EXPECT_TRUE(later->renewed);
    EXPECT_GT(later->notAfter, clock.now() + std::chrono::hours(24) * 300);
    EXPECT_EQ(LocalCa::openOrCreate(folder.path(), clock)->certificatePem(), ca->certificatePem());
}

TEST(LocalCa, NeverReplacesACaSilently) {
    test::TemporaryFolder folder;
    test::ManualClock clock;
    ASSERT_TRUE(LocalCa::openOrCreate(folder.path(), clock));
    const auto key = files::read(folder / "ca.key");
    ASSERT_TRUE(std::filesystem::remove(folder / "ca.key"));
    EXPECT_EQ(LocalCa::openOrCreate(folder.path(), clock).error().kind, ErrorKind::Integrity);
    ASSERT_TRUE(files::writeAtomically(folder / "ca.key", *key, 0644));
    EXPECT_FALSE(LocalCa::openOrCreate(folder.path(), clock)) << "a key that others can read was taken";
    test::TemporaryFolder other;
    ASSERT_TRUE(LocalCa::openOrCreate(other.path(), clock));
    ASSERT_TRUE(files::writeAtomically(folder / "ca.key", *files::read(other / "ca.key"), 0600));
    EXPECT_EQ(LocalCa::openOrCreate(folder.path(), clock).error().kind, ErrorKind::Integrity);
    ASSERT_TRUE(files::writeAtomically(folder / "ca.key", *key, 0600));
    EXPECT_TRUE(LocalCa::openOrCreate(folder.path(), clock));
    clock.advance(std::chrono::hours(24) * 4000);
    EXPECT_EQ(LocalCa::openOrCreate(folder.path(), clock).error().kind, ErrorKind::Integrity);
}

TEST(LocalCa, FinishesWhatACrashLeft) {
    test::TemporaryFolder folder;
    test::ManualClock clock;
    ASSERT_TRUE(LocalCa::openOrCreate(folder.path(), clock));
    ASSERT_TRUE(std::filesystem::remove(folder / "ca.crt"));
    EXPECT_TRUE(LocalCa::openOrCreate(folder.path(), clock));
    const auto ca = LocalCa::openOrCreate(folder.path(), clock);
    ASSERT_TRUE(ca->ensureServer("admin", {"localhost"}));
    ASSERT_TRUE(files::writeAtomically(folder / "admin.crt", "half"));
    const auto again = ca->ensureServer("admin", {"localhost"});
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->renewed);
}

TEST(LocalCa, RefusesNamesThatCouldBreakOutOfTheCertificate) {
    test::TemporaryFolder folder;
    test::ManualClock clock;
    const auto ca = LocalCa::openOrCreate(folder.path(), clock);
    for (const char* host : {"", "a,DNS:evil", "a b", "a/b", "x:y", "a\nb"}) {
        EXPECT_FALSE(ca->ensureServer("admin", {host})) << host;
    }
}

} // namespace
} // namespace gatehouse::tls
