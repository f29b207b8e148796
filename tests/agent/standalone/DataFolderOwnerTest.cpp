#include "agent/standalone/DataFolder.h"

#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::standalone {
namespace {

TEST(DataFolderOwner, IsForItsOwnerOnly) {
    const test::TemporaryFolder folder;
    const DataFolder data{folder / "data"};
    ASSERT_TRUE(data.prepare());

    struct stat info {};

    ASSERT_EQ(::stat(data.root.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0700U);
    EXPECT_TRUE(data.prepare()) << "again";
}

TEST(DataFolderOwner, RefusesWhatSomebodyElseHasPutThere) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root can give a folder away";
    }
    const test::TemporaryFolder folder;
    const DataFolder data{folder / "data"};
    ASSERT_TRUE(data.prepare());
    ASSERT_EQ(::chown(data.packs().c_str(), 12345, 12345), 0);
    EXPECT_FALSE(data.prepare()) << "a folder inside";
    ASSERT_EQ(::chown(data.packs().c_str(), 0, 0), 0);
    ASSERT_EQ(::chown(data.root.c_str(), 12345, 12345), 0);
    EXPECT_FALSE(data.prepare()) << "the folder itself";
    ASSERT_EQ(::chown(data.root.c_str(), 0, 0), 0);
    const DataFolder linked{folder / "link"};
    ASSERT_EQ(::symlink(data.root.c_str(), linked.root.c_str()), 0);
    EXPECT_TRUE(linked.prepare()) << "a link of our own";
    ASSERT_EQ(::lchown(linked.root.c_str(), 12345, 12345), 0);
    const auto prepared = linked.prepare();
    ASSERT_FALSE(prepared) << "a link of somebody else";
    EXPECT_NE(prepared.error().message.find("somebody else"), std::string::npos);
}

} // namespace
} // namespace gatehouse::standalone
