#include "core/exporters/Exporters.h"
#include "tests/support/PackFixture.h"
#include "tests/support/TemporaryFolder.h"

#include <csignal>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gatehouse::exporters {
namespace {

namespace fs = std::filesystem;

class Exporters : public testing::Test {
protected:
    Exporters()
        : m_signer(std::move(*signing::openFileSigner(test::writeKey(m_keys.path(), "ed25519")))),
          m_bundle(test::signedBundle(*m_signer)) {}

    [[nodiscard]] bool verifies(const fs::path& pack) const {
        const auto result = signing::verifyPack(pack, {m_signer->publicKeyPem()});
        return result && result->valid;
    }

    [[nodiscard]] std::vector<std::string> entries() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(m_folder.path())) {
            names.push_back(entry.path().filename().string());
        }
        return names;
    }

    test::TemporaryFolder m_keys;
    test::TemporaryFolder m_folder;
    std::unique_ptr<signing::Signer> m_signer;
    signing::SignedBundle m_bundle;
};

TEST_F(Exporters, FolderAndZipHoldTheSame) {
    ASSERT_TRUE(writeFolder(m_bundle, m_folder / "new/pack"));
    ASSERT_TRUE(writeZip(m_bundle, m_folder / "pack.zip"));
    EXPECT_TRUE(verifies(m_folder / "new/pack"));
    EXPECT_TRUE(verifies(m_folder / "pack.zip"));
    EXPECT_EQ(*readPack(m_folder / "new/pack"), m_bundle.files);
    EXPECT_EQ(*readPack(m_folder / "pack.zip"), m_bundle.files);
    EXPECT_EQ(*zipBytes(m_bundle), *zipBytes(m_bundle));
}

TEST_F(Exporters, AZipWithOneByteChangedNeverHoldsOtherFiles) {
    const std::string bytes = *zipBytes(m_bundle);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        test::spill(m_folder / "pack.zip", changed);
        const auto files = readPack(m_folder / "pack.zip");
        if (files && *files != m_bundle.files) {
            EXPECT_FALSE(verifies(m_folder / "pack.zip")) << at;
        }
    }
}

TEST_F(Exporters, NothingIsEverOverwritten) {
    fs::create_directory(m_folder / "full");
    test::spill(m_folder / "full/precious", "x");
    EXPECT_EQ(writeFolder(m_bundle, m_folder / "full").error().kind, ErrorKind::AlreadyExists);
    EXPECT_EQ(test::slurp(m_folder / "full/precious"), "x");
    test::spill(m_folder / "file", "x");
    EXPECT_FALSE(writeFolder(m_bundle, m_folder / "file"));
    EXPECT_FALSE(writeZip(m_bundle, m_folder / "file"));
    EXPECT_EQ(test::slurp(m_folder / "file"), "x");
    fs::create_symlink(m_folder / "elsewhere", m_folder / "link");
    EXPECT_FALSE(writeFolder(m_bundle, m_folder / "link"));
    EXPECT_FALSE(writeZip(m_bundle, m_folder / "link"));
    fs::create_directory(m_folder / "empty");
    EXPECT_TRUE(writeFolder(m_bundle, m_folder / "empty/"));
    EXPECT_TRUE(verifies(m_folder / "empty"));
}

TEST_F(Exporters, TooManyFilesForAZipAreSaid) {
    for (int i = 0; i < 65'540; ++i) {
        m_bundle.files.emplace("many/" + std::to_string(i), "");
    }
    const auto zip = zipBytes(m_bundle);
    ASSERT_FALSE(zip);
    EXPECT_EQ(zip.error().kind, ErrorKind::TooLarge);
    EXPECT_EQ(zip.error().hint, "write it as a folder");
}

/// Exit code of `work` in a child, so that limits and a sudden death do not touch the test.
template <typename Work>
int inChild(Work work) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(work());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST_F(Exporters, AFullDiskLeavesNothing) {
    m_bundle.files["report.html"] = std::string(100'000, 'x');
    const int code = inChild([this] {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{50'000, 50'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto folder = writeFolder(m_bundle, m_folder / "pack");
        const auto zip = writeZip(m_bundle, m_folder / "pack.zip");
        const bool storage = !folder && folder.error().kind == ErrorKind::Storage &&
                             folder.error().describe().find("free some disk space") != std::string::npos;
        return storage && (zip || zip.error().kind == ErrorKind::Storage) ? 7 : 8;
    });
    EXPECT_EQ(code, 7);
    fs::remove(m_folder / "pack.zip"); // 100,000 equal bytes pack well
    EXPECT_TRUE(entries().empty()) << entries().front();
}

/// Killed while files are written: whatever lies about, nothing has the final name.
TEST_F(Exporters, ACrashLeavesNoPackUnderItsName) {
    m_bundle.files["report.html"] = std::string(100'000, 'x');
    const int code = inChild([this] {
        std::signal(SIGXFSZ, SIG_DFL);
        const rlimit limit{50'000, 50'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const rlimit noCore{0, 0};
        ::setrlimit(RLIMIT_CORE, &noCore);
        (void)writeFolder(m_bundle, m_folder / "pack");
        return 0;
    });
    EXPECT_EQ(code, 128 + SIGXFSZ);
    EXPECT_FALSE(fs::exists(m_folder / "pack"));
    m_bundle = test::signedBundle(*m_signer);
    EXPECT_TRUE(writeFolder(m_bundle, m_folder / "pack"));
    EXPECT_TRUE(verifies(m_folder / "pack"));
}

TEST_F(Exporters, AFolderThatCannotBeWrittenIsSaid) {
    test::spill(m_folder / "file", "x");
    EXPECT_EQ(writeFolder(m_bundle, m_folder / "file/sub/pack").error().kind, ErrorKind::Storage);
    m_bundle.files["../escape"] = "x";
    EXPECT_EQ(writeFolder(m_bundle, m_folder / "pack").error().kind, ErrorKind::Invalid);
    EXPECT_FALSE(fs::exists(m_folder / "escape"));
}

} // namespace
} // namespace gatehouse::exporters
