#include "agent/envoy/EnvoyFiles.h"
#include "agent/envoy/AccessLogRotation.h"
#include "agent/envoy/EnvoySupervisor.h"
#include "agent/envoy/Orphan.h"
#include "core/files/Files.h"
#include "core/process/ChildProcess.h"
#include "tests/support/TemporaryFolder.h"

#include <arpa/inet.h>
#include <csignal>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::envoy {

TEST(EnvoyFiles, RefusesADataFolderWhoseSocketsWouldNotFit) {
    EnvoyPaths paths{"/tmp/" + std::string(120, 'x')};
    const auto made = makeFolders(paths);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().kind, ErrorKind::Invalid);
    EXPECT_FALSE(made.error().hint.empty());
}

TEST(EnvoyFiles, WritesOnlyWhatChangedAndForTheOwnerOnly) {
    test::TemporaryFolder folder;
    const auto file = folder / "rds.json";
    EXPECT_TRUE(writeDocument(file, {{"a", 1}}).value());
    EXPECT_FALSE(writeDocument(file, {{"a", 1}}).value());
    EXPECT_TRUE(writeDocument(file, {{"a", 2}}).value());

    struct stat status {};

    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST(EnvoyFiles, RemovesCredentialsNobodyNeeds) {
    test::TemporaryFolder folder;
    const EnvoyPaths paths{folder.path()};
    ASSERT_TRUE(makeFolders(paths));
    const NeededCredential kept{"default", "a", "a", paths.credentialFolder() / "a.json"};
    ASSERT_TRUE(files::writeAtomically(kept.file, "{}"));
    ASSERT_TRUE(files::writeAtomically(paths.credentialFolder() / "b.json", "{}"));
    removeUnneededCredentials(paths, {kept});
    EXPECT_TRUE(std::filesystem::exists(kept.file));
    EXPECT_FALSE(std::filesystem::exists(paths.credentialFolder() / "b.json"));
}

TEST(AccessLogRotation, KeepsAsManyAsAskedFor) {
    test::TemporaryFolder folder;
    const auto file = folder / "access.log";
    EXPECT_FALSE(rotate(file, 10, 2).value());
    for (const char* content : {"first, long enough", "second, long enough", "third, long enough"}) {
        ASSERT_TRUE(files::writeAtomically(file, content));
        EXPECT_TRUE(rotate(file, 10, 2).value());
    }
    ASSERT_TRUE(files::writeAtomically(file, "short"));
    EXPECT_FALSE(rotate(file, 10, 2).value());
    EXPECT_EQ(files::read(folder / "access.log.1").value(), "third, long enough");
    EXPECT_EQ(files::read(folder / "access.log.2").value(), "second, long enough");
    EXPECT_FALSE(std::filesystem::exists(folder / "access.log.3"));
}

TEST(Orphan, EndsOnlyAProcessThatNamesOurBootstrap) {
    test::TemporaryFolder folder;
    process::ChildOptions options;
    options.program = "/bin/sh";
    options.arguments = {"-c", "while :; do sleep 0.1; done", (folder / "bootstrap.json").string()};
    options.environment = {{"PATH", "/usr/bin:/bin"}};
    auto child = process::ChildProcess::start(options);
    ASSERT_TRUE(child);
    ASSERT_TRUE(files::writeAtomically(folder / "pid", std::to_string(child->pid())));
    EXPECT_FALSE(endOrphan(folder / "pid", folder / "other.json"));
    EXPECT_FALSE(child->wait(std::chrono::milliseconds(100)));
    std::jthread reaper([&child] { (void)child->wait(std::chrono::seconds(10)); });
    EXPECT_TRUE(endOrphan(folder / "pid", folder / "bootstrap.json"));
    reaper.join();
    EXPECT_FALSE(endOrphan(folder / "pid", folder / "bootstrap.json")) << "it is gone";
    ASSERT_TRUE(files::writeAtomically(folder / "pid", "1"));
    EXPECT_FALSE(endOrphan(folder / "pid", folder / "bootstrap.json"));
    EXPECT_FALSE(endOrphan(folder / "absent", folder / "bootstrap.json"));
}

TEST(EnsurePortFree, NamesThePortThatIsTaken) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes); // as Envoy does
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(listener, 1), 0);
    ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
    const std::uint16_t port = ntohs(address.sin_port);
    const auto taken = ensurePortFree("127.0.0.1", port);
    ASSERT_FALSE(taken);
    EXPECT_NE(taken.error().message.find(std::to_string(port)), std::string::npos);
    EXPECT_NE(taken.error().hint.find("--port"), std::string::npos);
    ::close(listener);
    EXPECT_TRUE(ensurePortFree("127.0.0.1", port));
    EXPECT_FALSE(ensurePortFree("localhost", port)) << "a name is no address";
    EXPECT_FALSE(ensurePortFree("203.0.113.7", port)) << "not an address of this machine";
}

} // namespace gatehouse::envoy
