// kill -9 at any moment of a write: the store is whole, what was acknowledged is there, versions go on.
#include "core/local_store/LocalStore.h"
#include "core/object_store/KnownKinds.h"
#include "tests/support/TemporaryFolder.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariant>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace gatehouse::local_store {
namespace {

constexpr const char* ChildVariable = "GATEHOUSE_TEST_STORE_CHILD";
constexpr const char* StepVariable = "GATEHOUSE_TEST_STORE_STEP";

Object counterObject(const std::string& name, int value) {
    json::Object content;
    content["apiVersion"] = "v1";
    content["kind"] = "ConfigMap";
    content["metadata"] = {{"name", name}, {"namespace", "crash"}};
    content["data"] = {{"value", std::to_string(value)}, {"padding", std::string(20'000, 'x')}};
    return Object(std::move(content));
}

/// Starts this program again as the writer below; it writes each acknowledged step to stdout before the next.
pid_t startWriter(const std::filesystem::path& folder, const std::string& killAt, int& output) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    ::setenv(ChildVariable, folder.c_str(), 1);
    ::setenv(StepVariable, killAt.c_str(), 1);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 3);
    std::string program = "/proc/self/exe";
    std::string filter = "--gtest_filter=CrashChild.WritesUntilItIsKilled";
    std::string quiet = "--gtest_brief=1";
    char* arguments[] = {program.data(), filter.data(), quiet.data(), nullptr};
    pid_t child = 0;
    EXPECT_EQ(::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    ::unsetenv(ChildVariable);
    ::unsetenv(StepVariable);
    ::close(ends[1]);
    output = ends[0];
    return child;
}

struct Acknowledged {
    int created = 0;
    int updated = -1;
    std::int64_t version = 0;
};

/// Lines "c <n> <version>", "u <n> <version>" that the writer had answers for, after what was there before it.
Acknowledged readLog(int output, Acknowledged last) {
    std::string text;
    char buffer[4096];
    for (ssize_t count = ::read(output, buffer, sizeof buffer); count > 0;
         count = ::read(output, buffer, sizeof buffer)) {
        text.append(buffer, static_cast<std::size_t>(count));
    }
    ::close(output);
    text.resize(text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1);
    std::istringstream lines(text);
    char what = 0;
    int number = 0;
    std::int64_t version = 0;
    while (lines >> what >> number >> version) {
        EXPECT_GT(version, last.version);
        last.version = version;
        (what == 'c' ? last.created : last.updated) = number;
    }
    return last;
}

void checkIntegrity(const std::filesystem::path& folder) {
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("check"));
        database.setDatabaseName(QString::fromStdString((folder / "objects.sqlite").string()));
        ASSERT_TRUE(database.open());
        QSqlQuery query(database);
        ASSERT_TRUE(query.exec(QStringLiteral("PRAGMA integrity_check")) && query.next());
        EXPECT_EQ(query.value(0).toString().toStdString(), "ok");
        ASSERT_TRUE(query.exec(QStringLiteral("SELECT (SELECT max(version) FROM events) <= counter FROM store")) &&
                    query.next());
        EXPECT_TRUE(query.value(0).isNull() || query.value(0).toBool());
        ASSERT_TRUE(query.exec(QStringLiteral(
                        "SELECT count(*) FROM objects o WHERE o.version >= (SELECT min(version) FROM events) "
                        "AND NOT EXISTS (SELECT 1 FROM events e WHERE "
                        "e.version = o.version AND e.body = o.body)")) &&
                    query.next());
        EXPECT_EQ(query.value(0).toInt(), 0) << "each object is what its last event says, where that is kept";
    }
    QSqlDatabase::removeDatabase(QStringLiteral("check"));
}

/// `last` becomes what is really there.
void checkAfterKill(const std::filesystem::path& folder, Acknowledged& last) {
    checkIntegrity(folder);
    SystemClock clock;
    auto store = LocalStore::open(folder, clock);
    ASSERT_TRUE(store) << store.error().describe();
    auto list = (*store)->list(kinds::ConfigMap, {.nameSpace = "crash", .labelSelector = {}});
    ASSERT_TRUE(list) << list.error().describe();
    EXPECT_GE(std::stoll(list->resourceVersion), last.version);
    int created = 0;
    for (const Object& object : list->items) {
        EXPECT_EQ(object.text("data.padding").size(), 20'000U) << "no half object";
        EXPECT_LE(std::stoll(object.resourceVersion()), std::stoll(list->resourceVersion));
        created += object.name().starts_with("made-") ? 1 : 0;
    }
    EXPECT_GE(created, last.created);
    EXPECT_LE(created, last.created + 1) << "at most the write in progress is there too";
    if (last.updated >= 0) {
        auto counter = (*store)->get({kinds::ConfigMap, "crash", "counter"});
        ASSERT_TRUE(counter);
        EXPECT_GE(std::stoi(counter->text("data.value")), last.updated);
        EXPECT_LE(std::stoi(counter->text("data.value")), last.updated + 1);
        last.updated = std::stoi(counter->text("data.value"));
    }
    auto next =
        (*store)->create(counterObject("after-" + std::to_string(created) + "-" + std::to_string(last.version), 0));
    ASSERT_TRUE(next) << next.error().describe();
    EXPECT_GT(std::stoll(next->resourceVersion()), std::stoll(list->resourceVersion));
    last.created = created;
    last.version = std::stoll(next->resourceVersion());
}

TEST(CrashChild, WritesUntilItIsKilled) {
    const char* folder = std::getenv(ChildVariable);
    if (folder == nullptr) {
        GTEST_SKIP() << "only a part of the tests below";
    }
    const std::string killAt = std::getenv(StepVariable);
    int remaining = 25;
    LocalStoreSettings settings;
    settings.onStep = [&](std::string_view step) {
        if (step == killAt && --remaining == 0) {
            ::kill(::getpid(), SIGKILL);
        }
    };
    SystemClock clock;
    auto store = LocalStore::open(folder, clock, {}, settings).value();
    const auto log = [](char what, int number, const Object& object) {
        const std::string line =
            std::string(1, what) + " " + std::to_string(number) + " " + object.resourceVersion() + "\n";
        if (::write(3, line.data(), line.size()) < 0) {
            ::_exit(1);
        }
    };
    const auto before = store->list(kinds::ConfigMap, {.nameSpace = "crash"}).value();
    int created = 0;
    for (const Object& object : before.items) {
        created += object.name().starts_with("made-") ? 1 : 0;
    }
    auto counter = store->get({kinds::ConfigMap, "crash", "counter"});
    if (!counter) {
        counter = store->create(counterObject("counter", 0));
    }
    int value = std::stoi(counter->text("data.value"));
    for (;;) {
        const Object made = store->create(counterObject("made-" + std::to_string(created), created)).value();
        log('c', ++created, made);
        const Object updated = store->update(counterObject("counter", ++value)).value();
        log('u', value, updated);
    }
}

TEST(Crash, AtRandomMoments) {
    test::TemporaryFolder folder;
    std::mt19937 random(20261121);
    Acknowledged known;
    for (int round = 0; round < 12; ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        int output = -1;
        const pid_t child = startWriter(folder / "store", "", output);
        std::this_thread::sleep_for(std::chrono::milliseconds(60 + random() % 250));
        ::kill(child, SIGKILL);
        ASSERT_EQ(::waitpid(child, nullptr, 0), child);
        known = readLog(output, known);
        checkAfterKill(folder / "store", known);
    }
}

TEST(Crash, AtEachStepOfAWrite) {
    for (const char* step : {"begin", "object", "event", "counter", "commit", "committed"}) {
        SCOPED_TRACE(step);
        test::TemporaryFolder folder;
        Acknowledged known;
        for (int round = 0; round < 2; ++round) {
            int output = -1;
            const pid_t child = startWriter(folder / "store", step, output);
            int status = 0;
            ASSERT_EQ(::waitpid(child, &status, 0), child);
            ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the writer was to die at this step";
            known = readLog(output, known);
            checkAfterKill(folder / "store", known);
        }
    }
}

} // namespace
} // namespace gatehouse::local_store
