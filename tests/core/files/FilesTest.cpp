#include "core/files/Files.h"

#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace gatehouse;
namespace fs = std::filesystem;

class Files : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "gatehouse-files-XXXXXX";
        folder = ::mkdtemp(pattern.data());
    }

    void TearDown() override { fs::remove_all(folder); }

    static unsigned modeOf(const fs::path& path) {
        struct stat info {};

        ::stat(path.c_str(), &info);
        return info.st_mode & 07777U;
    }

    std::size_t entries() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {})); }

    fs::path folder;
};

TEST_F(Files, WritesWholeOrNotAtAll) {
    const fs::path path = folder / "a";
    ASSERT_TRUE(files::writeAtomically(path, "one", 0640));
    EXPECT_EQ(*files::read(path), "one");
    EXPECT_EQ(modeOf(path), 0640U);
    // A child that may write no more than ten bytes stands for a full disk.
    const pid_t child = ::fork();
    if (child == 0) {
        const rlimit limit{10, 10};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        ::signal(SIGXFSZ, SIG_IGN);
        const auto done = files::writeAtomically(path, std::string(100, 'x'));
        ::_exit(!done && done.error().kind == ErrorKind::Storage ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(*files::read(path), "one");
    EXPECT_EQ(entries(), 1U);
}

TEST_F(Files, SecretsAreOnlyReadWhenNobodyElseMay) {
    const fs::path path = folder / "key";
    ASSERT_TRUE(files::writeSecret(path, Secret::copyOf("sk-1\n")));
    EXPECT_EQ(modeOf(path), 0600U);
    EXPECT_EQ(files::readSecret(path)->reveal(), "sk-1");
    ::chmod(path.c_str(), 0644);
    const auto refused = files::readSecret(path);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().describe().find("chmod 600"), std::string::npos);
    EXPECT_TRUE(files::readSecret(path, 100, true));
}

TEST_F(Files, SaysWhatIsMissingOrTooLarge) {
    EXPECT_EQ(files::read(folder / "none").error().kind, ErrorKind::NotFound);
    std::ofstream(folder / "big") << std::string(1000, 'x');
    EXPECT_EQ(files::read(folder / "big", 999).error().kind, ErrorKind::TooLarge);
    EXPECT_TRUE(files::read(folder / "big", 1000));
    EXPECT_FALSE(files::writeAtomically(folder / "no" / "where", "x"));
    EXPECT_FALSE(files::makeFolder(folder / "big"));
    EXPECT_TRUE(files::makeFolder(folder / "x" / "y", 0700));
    EXPECT_EQ(modeOf(folder / "x" / "y"), 0700U);
}
