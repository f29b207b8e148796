#include "core/process/ChildProcess.h"

#include "core/files/Files.h"
#include "core/process/StopSignals.h"
#include "tests/support/TemporaryFolder.h"

#include <csignal>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gatehouse::process {
namespace {

ChildOptions shell(const std::string& script) {
    ChildOptions options;
    options.program = "/bin/sh";
    options.arguments = {"-c", script};
    options.environment = {{"PATH", "/usr/bin:/bin"}};
    return options;
}

} // namespace

TEST(ChildProcess, ReportsExitCodesAndSignals) {
    auto child = ChildProcess::start(shell("exit 3"));
    ASSERT_TRUE(child) << child.error().describe();
    auto status = child->wait(std::chrono::seconds(10));
    ASSERT_TRUE(status);
    EXPECT_EQ(status->code, 3);
    EXPECT_EQ(status->describe(), "exit code 3");
    auto killed = ChildProcess::start(shell("kill -9 $$"));
    ASSERT_TRUE(killed);
    status = killed->wait(std::chrono::seconds(10));
    ASSERT_TRUE(status);
    EXPECT_EQ(status->signal, SIGKILL);
}

TEST(ChildProcess, SaysWhenTheProgramIsMissing) {
    ChildOptions options;
    options.program = "/nonexistent/program";
    const auto child = ChildProcess::start(options);
    ASSERT_FALSE(child);
    EXPECT_EQ(child.error().kind, ErrorKind::NotFound);
    EXPECT_NE(child.error().message.find("/nonexistent/program"), std::string::npos);
}

TEST(ChildProcess, GivesTheChildThisEnvironmentAndNoOther) {
    test::TemporaryFolder folder;
    ::setenv("GATEHOUSE_TEST_SECRET", "must not be inherited", 1);
    ChildOptions options = shell("env; pwd; echo to-stderr >&2");
    options.environment["MARK"] = "here";
    options.workingFolder = folder.path();
    options.logFile = folder / "log";
    auto child = ChildProcess::start(options);
    ASSERT_TRUE(child);
    ASSERT_TRUE(child->wait(std::chrono::seconds(10)));
    *child = ChildProcess::start(shell("true")).value(); // the first one's log is complete now
    const std::string log = files::read(folder / "log").value();
    EXPECT_NE(log.find("MARK=here"), std::string::npos);
    EXPECT_NE(log.find("to-stderr"), std::string::npos);
    EXPECT_NE(log.find(folder.path().filename().string()), std::string::npos);
    EXPECT_EQ(log.find("GATEHOUSE_TEST_SECRET"), std::string::npos);

    struct stat status {};

    ASSERT_EQ(::stat((folder / "log").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST(ChildProcess, BoundsTheLog) {
    test::TemporaryFolder folder;
    ChildOptions options =
        shell("i=0; while [ $i -lt 2000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done");
    options.logFile = folder / "log";
    options.logBytes = 20'000;
    {
        auto child = ChildProcess::start(options);
        ASSERT_TRUE(child);
        ASSERT_TRUE(child->wait(std::chrono::seconds(20)));
    }
    EXPECT_LE(std::filesystem::file_size(folder / "log"), 40'000U);
    EXPECT_LE(std::filesystem::file_size(folder / "log.1"), 40'000U);
    EXPECT_GT(std::filesystem::file_size(folder / "log.1"), 0U);
}

TEST(ChildProcess, StopsPolitelyAndThenByForce) {
    auto polite = ChildProcess::start(shell("trap 'exit 7' TERM; while :; do sleep 0.05; done"));
    ASSERT_TRUE(polite);
    ::usleep(200'000);
    EXPECT_EQ(polite->stop(std::chrono::seconds(10)).code, 7);
    auto stubborn = ChildProcess::start(shell("trap '' TERM; while :; do sleep 0.05; done"));
    ASSERT_TRUE(stubborn);
    ::usleep(200'000);
    EXPECT_EQ(stubborn->stop(std::chrono::milliseconds(300)).signal, SIGKILL);
}

TEST(ChildProcess, DiesWithItsOwner) {
    int pid = 0;
    {
        auto child = ChildProcess::start(shell("sleep 60"));
        ASSERT_TRUE(child);
        pid = child->pid();
        EXPECT_EQ(::kill(pid, 0), 0);
        EXPECT_FALSE(child->wait(std::chrono::milliseconds(50)));
    }
    EXPECT_NE(::kill(pid, 0), 0);
}

TEST(ChildProcess, DiesWhenItsOwnerIsKilled) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t owner = ::fork();
    if (owner == 0) {
        auto child = ChildProcess::start(shell("sleep 60"));
        const int pid = child ? child->pid() : 0;
        [[maybe_unused]] const ssize_t written = ::write(ends[1], &pid, sizeof pid);
        ::raise(SIGKILL);
    }
    int pid = 0;
    ASSERT_EQ(::read(ends[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
    ASSERT_GT(pid, 0);
    ::waitpid(owner, nullptr, 0);
    const auto isGone = [pid] {
        const std::string status = files::read("/proc/" + std::to_string(pid) + "/stat").value_or("");
        return status.empty() || status.find(") Z ") != std::string::npos; // dead, if not yet collected by init
    };
    for (int i = 0; i < 200 && !isGone(); ++i) {
        ::usleep(10'000);
    }
    EXPECT_TRUE(isGone());
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST(StopSignals, TurnsASignalIntoAStopAndLeavesChildrenUnblocked) {
    StopSignals signals;
    EXPECT_FALSE(signals.token().stop_requested());
    auto child = ChildProcess::start(shell("sleep 60"));
    ASSERT_TRUE(child);
    EXPECT_EQ(child->stop(std::chrono::seconds(10)).signal, SIGTERM) << "the child must not inherit a blocked SIGTERM";
    ::kill(::getpid(), SIGTERM);
    for (int i = 0; i < 200 && !signals.token().stop_requested(); ++i) {
        ::usleep(10'000);
    }
    EXPECT_TRUE(signals.token().stop_requested());
}

} // namespace gatehouse::process
