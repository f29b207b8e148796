#include "agent/envoy/EnvoyLocator.h"

#include "core/files/Files.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace gatehouse::envoy {
namespace {

std::string program(const std::filesystem::path& path, const std::string& output) {
    EXPECT_TRUE(files::makeFolder(path.parent_path()));
    EXPECT_TRUE(files::writeAtomically(path, "#!/bin/sh\necho '" + output + "'\n", 0755));
    return path.string();
}

std::string versionLine(const std::string& version) {
    return "envoy  version: 9e5580933739775e8bce696a57a2e1bc99368f23/" + version + "/Clean/RELEASE/BoringSSL";
}

} // namespace

TEST(EnvoyLocator, ReadsTheVersion) {
    EXPECT_EQ(versionIn(versionLine("1.40.0")), "1.40.0");
    EXPECT_EQ(versionIn("nginx version: nginx/1.22.1"), "1.22.1");
    EXPECT_EQ(versionIn("hello"), "");
    EXPECT_EQ(versionIn(""), "");
    EXPECT_EQ(versionIn("version:///"), "");
}

TEST(EnvoyLocator, LooksInTheOrderThatItSays) {
    test::TemporaryFolder folder;
    const std::string option = program(folder / "option/envoy", versionLine("1.41.0"));
    const std::string environment = program(folder / "environment/envoy", versionLine("1.42.0"));
    const std::string own = program(folder / "data/envoy/bin/envoy", versionLine("1.43.0"));
    const std::string path = program(folder / "path/envoy", versionLine("1.44.0"));
    EnvoyChoice choice{option, environment, folder / "data", "relative:/nonexistent:" + (folder / "path").string()};
    EXPECT_EQ(locateEnvoy(choice)->version, "1.41.0");
    choice.option.clear();
    EXPECT_EQ(locateEnvoy(choice)->version, "1.42.0");
    choice.environment.clear();
    EXPECT_EQ(locateEnvoy(choice)->binary, own);
    choice.dataDir = folder / "other";
    EXPECT_EQ(locateEnvoy(choice)->binary, path);
    choice.searchPath.clear();
    const auto none = locateEnvoy(choice);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, ErrorKind::NotFound);
    EXPECT_NE(none.error().hint.find("GATEHOUSE_ENVOY"), std::string::npos);
}

TEST(EnvoyLocator, RefusesWhatIsTooOldWrongOrMissing) {
    test::TemporaryFolder folder;
    const auto locate = [](const std::string& option) { return locateEnvoy({option, "", "", ""}); };
    const auto old = locate(program(folder / "old", versionLine("1.37.9")));
    ASSERT_FALSE(old);
    EXPECT_NE(old.error().message.find("1.37.9"), std::string::npos);
    EXPECT_TRUE(locate(program(folder / "just", versionLine("1.38.0"))));
    EXPECT_TRUE(locate(program(folder / "major", versionLine("2.0.0"))));
    EXPECT_FALSE(locate(program(folder / "other", "I am no proxy")));
    const auto missing = locate("/nonexistent/envoy");
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().message.find("/nonexistent/envoy"), std::string::npos);
    EXPECT_FALSE(locate(folder.path().string()));
}

} // namespace gatehouse::envoy
