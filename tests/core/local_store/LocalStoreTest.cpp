// What is the local store's own, beyond the contract.
#include "core/local_store/LocalStore.h"

#include "core/files/Files.h"
#include "core/object_store/KnownKinds.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TemporaryFolder.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <atomic>
#include <csignal>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace gatehouse::local_store {
namespace {

Object configObject(const std::string& name, const std::string& value = "1") {
    json::Object content;
    content["apiVersion"] = "v1";
    content["kind"] = "ConfigMap";
    content["metadata"] = {{"name", name}, {"namespace", "default"}};
    content["data"] = {{"value", value}};
    return Object(std::move(content));
}

Object modelObject(const std::string& name) {
    json::Object content;
    content["apiVersion"] = kinds::LLMModel.apiVersion();
    content["kind"] = "LLMModel";
    content["metadata"] = {{"name", name}, {"namespace", "default"}};
    content["spec"] = {{"model", {{"name", "org/" + name}}}};
    return Object(std::move(content));
}

ObjectKey configKey(const std::string& name) {
    return {kinds::ConfigMap, "default", name};
}

unsigned modeOf(const std::filesystem::path& path) {
    struct stat info {};

    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777U : 0U;
}

void runSql(const std::filesystem::path& file, const char* statement) {
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("edit"));
        database.setDatabaseName(QString::fromStdString(file.string()));
        ASSERT_TRUE(database.open());
        QSqlQuery query(database);
        ASSERT_TRUE(query.exec(QString::fromUtf8(statement)));
    }
    QSqlDatabase::removeDatabase(QStringLiteral("edit"));
}

class LocalStoreTest : public testing::Test {
protected:
    void open(LocalStoreSettings settings = {}, Admission admission = {}) {
        store.reset();
        auto opened = LocalStore::open(folder / "store", clock, std::move(admission), std::move(settings));
        ASSERT_TRUE(opened) << opened.error().describe();
        store = std::move(*opened);
    }

    test::TemporaryFolder folder;
    test::ManualClock clock;
    std::unique_ptr<LocalStore> store;
};

TEST_F(LocalStoreTest, FilesAreForTheirOwnerOnly) {
    open();
    ASSERT_TRUE(store->create(configObject("a")));
    EXPECT_EQ(modeOf(folder / "store"), 0700U);
    for (const char* name : {"objects.sqlite", "objects.sqlite-wal", "objects.sqlite-shm", "lock"}) {
        EXPECT_EQ(modeOf(folder / "store" / name), 0600U) << name;
    }
    store.reset();
    ::chmod((folder / "store").c_str(), 0755);
    ::chmod((folder / "store" / "objects.sqlite").c_str(), 0644);
    open();
    EXPECT_EQ(modeOf(folder / "store"), 0700U);
    EXPECT_EQ(modeOf(folder / "store" / "objects.sqlite"), 0600U);
}

TEST_F(LocalStoreTest, OneProcessHoldsIt) {
    open();
    auto second = LocalStore::open(folder / "store", clock);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::Storage);
    EXPECT_NE(second.error().describe().find(std::to_string(::getpid())), std::string::npos)
        << second.error().describe();
    store.reset();
    EXPECT_TRUE(LocalStore::open(folder / "store", clock));
}

TEST_F(LocalStoreTest, EverythingIsThereAfterAReopen) {
    open();
    const Object made = store->create(modelObject("chat")).value();
    const Object config = store->create(configObject("a")).value();
    ASSERT_TRUE(store->remove(configKey("a")));
    open();
    EXPECT_EQ(store->get({kinds::LLMModel, "default", "chat"})->content(), made.content());
    auto watch = store->watch(kinds::ConfigMap, {.resourceVersion = config.resourceVersion()}).value();
    auto event = watch->next(std::chrono::seconds(5), {});
    ASSERT_TRUE(event && event->has_value());
    EXPECT_EQ((*event)->type, WatchEventType::Deleted) << "a watch goes on over a restart";
    const Object next = store->create(configObject("b")).value();
    EXPECT_GT(std::stoll(next.resourceVersion()), std::stoll((*event)->object.resourceVersion()));
}

TEST_F(LocalStoreTest, RefusesAFileOfANewerVersion) {
    open();
    store.reset();
    runSql(folder / "store" / "objects.sqlite", "PRAGMA user_version = 99");
    auto opened = LocalStore::open(folder / "store", clock);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, ErrorKind::Unsupported);
    EXPECT_NE(opened.error().describe().find("newer"), std::string::npos);
}

TEST_F(LocalStoreTest, RefusesWhatIsNoStore) {
    ASSERT_TRUE(files::makeFolder(folder / "store", 0700));
    ASSERT_TRUE(files::writeAtomically(folder / "store" / "objects.sqlite", std::string(8192, 'x'), 0600));
    auto opened = LocalStore::open(folder / "store", clock);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, ErrorKind::Storage);
    EXPECT_NE(opened.error().describe().find("objects.sqlite"), std::string::npos) << opened.error().describe();
}

TEST_F(LocalStoreTest, AdmissionDecidesOnEveryWrite) {
    std::vector<bool> asked;
    open({}, [&](Object object, bool isStatus) -> Result<Object> {
        asked.push_back(isStatus);
        if (object.label("refuse") == "yes") {
            return failure(ErrorKind::Invalid, "refused by the test");
        }
        object.metadata()["annotations"] = {{"admitted", "yes"}};
        return object;
    });
    Object made = store->create(modelObject("chat")).value();
    EXPECT_EQ(made.annotation("admitted"), "yes");
    EXPECT_EQ(store->update(made)->resourceVersion(), made.resourceVersion());
    made.content()["status"] = {{"phase", "Ready"}};
    made = store->updateStatus(made).value();
    EXPECT_EQ(asked, (std::vector<bool>{false, false, true}));
    const json::Object refuse{{"metadata", {{"labels", {{"refuse", "yes"}}}}}};
    auto patched = store->patch({kinds::LLMModel, "default", "chat"}, PatchType::Merge, refuse);
    ASSERT_FALSE(patched);
    EXPECT_EQ(patched.error().message, "refused by the test");
    Object applied = modelObject("chat");
    applied.metadata()["labels"] = {{"refuse", "yes"}};
    EXPECT_FALSE(store->apply(applied));
    applied.metadata()["name"] = "other";
    EXPECT_FALSE(store->create(applied));
    EXPECT_EQ(store->get({kinds::LLMModel, "default", "chat"})->content(), made.content());
}

TEST_F(LocalStoreTest, LimitsTheSizeOfAnObject) {
    open();
    auto big = store->create(configObject("big", std::string(1'100'000, 'x')));
    ASSERT_FALSE(big);
    EXPECT_EQ(big.error().kind, ErrorKind::TooLarge);
    ASSERT_TRUE(store->create(configObject("fits", std::string(1'000'000, 'x'))));
    EXPECT_FALSE(store->create(configObject("bytes", "\xff\xfe"))) << "what cannot be read back is not stored";
    json::Value deep;
    for (int i = 0; i < 200; ++i) {
        deep = json::Object{{"a", std::move(deep)}};
    }
    Object nested = modelObject("deep");
    nested.content()["spec"] = std::move(deep);
    EXPECT_FALSE(store->create(nested));
    EXPECT_FALSE(store->create(Object({{"apiVersion", "gatehouse.dev/v1alpha1"},
                                       {"kind", "ApiKey"},
                                       {"metadata", {{"name", "x"}, {"namespace", "default"}}}})));
}

TEST_F(LocalStoreTest, OldEventsGoAndLateWatchersAreTold) {
    LocalStoreSettings settings;
    settings.eventCount = 10;
    open(settings);
    const Object first = store->create(configObject("a")).value();
    auto page = store->list(kinds::ConfigMap, {.limit = 1}).value();
    (void)store->create(configObject("b"));
    page = store->list(kinds::ConfigMap, {.limit = 1}).value();
    auto idle = store->watch(kinds::LLMModel, {.resourceVersion = first.resourceVersion()}).value();
    auto slow = store->watch(kinds::ConfigMap, {.resourceVersion = first.resourceVersion()}).value();
    for (int i = 0; i < 30; ++i) {
        ASSERT_TRUE(store->update(configObject("a", std::to_string(i + 2))));
    }
    ASSERT_TRUE(store->compactNow());
    auto late = store->watch(kinds::ConfigMap, {.resourceVersion = first.resourceVersion()});
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::TooOld);
    auto missed = slow->next(std::chrono::seconds(5), {});
    ASSERT_FALSE(missed);
    EXPECT_EQ(missed.error().kind, ErrorKind::TooOld);
    auto nextPage = store->list(kinds::ConfigMap, {.limit = 1, .continueToken = page.continueToken});
    ASSERT_FALSE(nextPage);
    EXPECT_EQ(nextPage.error().kind, ErrorKind::TooOld);
    EXPECT_TRUE(idle->next(std::chrono::milliseconds(10), {})) << "whose kind had no events has missed nothing";
    const Object model = store->create(modelObject("chat")).value();
    auto event = idle->next(std::chrono::seconds(5), {});
    ASSERT_TRUE(event && event->has_value());
    EXPECT_EQ((*event)->object.content(), model.content());

    settings.eventCount = 1000;
    settings.eventAge = std::chrono::seconds(60);
    open(settings);
    const Object old = store->create(configObject("old")).value();
    clock.advance(std::chrono::seconds(61));
    (void)store->create(configObject("new"));
    ASSERT_TRUE(store->compactNow());
    EXPECT_TRUE(store->watch(kinds::ConfigMap, {.resourceVersion = old.resourceVersion()}))
        << "nothing after it is gone";
    EXPECT_FALSE(
        store->watch(kinds::ConfigMap, {.resourceVersion = std::to_string(std::stoll(old.resourceVersion()) - 1)}));
    EXPECT_FALSE(store->watch(kinds::ConfigMap, {.resourceVersion = "99999999"})) << "a version that has not been";
    EXPECT_FALSE(store->watch(kinds::ConfigMap, {.resourceVersion = "x"}));
}

TEST_F(LocalStoreTest, BookmarksKeepAQuietWatchFresh) {
    open();
    const Object first = store->create(configObject("a")).value();
    auto watch = store->watch(kinds::LLMModel, {.resourceVersion = first.resourceVersion(), .bookmarks = true}).value();
    EXPECT_FALSE(watch->next(std::chrono::milliseconds(1), {})->has_value());
    const Object second = store->create(configObject("b")).value();
    clock.advance(std::chrono::seconds(31));
    auto mark = watch->next(std::chrono::milliseconds(1), {});
    ASSERT_TRUE(mark && mark->has_value());
    EXPECT_EQ((*mark)->type, WatchEventType::Bookmark);
    EXPECT_EQ((*mark)->object.resourceVersion(), second.resourceVersion());
    EXPECT_EQ((*mark)->object.kind(), "LLMModel");
    EXPECT_FALSE(watch->next(std::chrono::milliseconds(1), {})->has_value());
}

TEST_F(LocalStoreTest, WatchesEndWithTheStore) {
    open();
    auto watch = store->watch(kinds::ConfigMap, {}).value();
    std::jthread closer([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        store.reset();
    });
    auto event = watch->next(std::chrono::seconds(30), {});
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().kind, ErrorKind::Unreachable);
}

TEST_F(LocalStoreTest, GarbageOfACrashIsCollectedAtTheStart) {
    open();
    Object owned = configObject("owned");
    owned.metadata()["ownerReferences"] = json::Array{
        {{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"name", "x"}, {"uid", "00000000-0000-4000-8000-000000000000"}}};
    const Object owner = store->create(configObject("owner")).value();
    owned.metadata()["ownerReferences"].as_array()[0].as_object()["uid"] = owner.uid();
    ASSERT_TRUE(store->create(owned));
    store.reset();
    runSql(folder / "store" / "objects.sqlite", "DELETE FROM objects WHERE name = 'owner'");
    open();
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (store->get(configKey("owned")) && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_FALSE(store->get(configKey("owned")));
}

TEST_F(LocalStoreTest, AFullDiskRefusesWritesAndLosesNothing) {
    open();
    const Object first = store->create(configObject("first")).value();
    // No file of this process may grow beyond its present size and a little: the disk as it looks when it is full.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit tight = before;
    tight.rlim_cur = std::filesystem::file_size(folder / "store" / "objects.sqlite-wal") + 65'536;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    Result<Object> refused = first;
    int written = 0;
    while (refused && written < 100) {
        refused = store->create(configObject("fill-" + std::to_string(written), std::string(50'000, 'x')));
        written += refused ? 1 : 0;
    }
    auto readable = store->get(configKey("first"));
    auto listed = store->list(kinds::ConfigMap, {});
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::Storage) << refused.error().describe();
    EXPECT_FALSE(refused.error().hint.empty());
    EXPECT_TRUE(readable);
    ASSERT_TRUE(listed) << listed.error().describe();
    EXPECT_EQ(listed->items.size(), static_cast<std::size_t>(written + 1));
    ASSERT_TRUE(store->create(configObject("again"))) << "it goes on as soon as there is room";
    open();
    EXPECT_EQ(store->list(kinds::ConfigMap, {})->items.size(), static_cast<std::size_t>(written + 2));
}

TEST_F(LocalStoreTest, ManyThreadsAtOnce) {
    open();
    constexpr int writers = 4;
    constexpr int each = 25;
    std::atomic<int> seen{0};
    std::atomic<bool> failed{false};
    const std::string start = store->list(kinds::ConfigMap, {})->resourceVersion;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 2; ++i) {
            threads.emplace_back([&] {
                auto watch = store->watch(kinds::ConfigMap, {.resourceVersion = start}).value();
                for (int count = 0; count < writers * each;) {
                    auto event = watch->next(std::chrono::seconds(20), {});
                    if (!event || !event->has_value()) {
                        failed = true;
                        return;
                    }
                    ++count;
                    ++seen;
                }
            });
        }
        for (int i = 0; i < writers; ++i) {
            threads.emplace_back([&, i] {
                for (int k = 0; k < each; ++k) {
                    const std::string name = "c-" + std::to_string(i) + "-" + std::to_string(k);
                    failed = failed || !store->create(configObject(name)) || !store->get(configKey(name)) ||
                             !store->list(kinds::ConfigMap, {.limit = 5});
                }
            });
        }
    }
    EXPECT_FALSE(failed);
    EXPECT_EQ(seen, 2 * writers * each);
}

TEST_F(LocalStoreTest, TenThousandObjectsTimed) {
    open();
    ASSERT_TRUE(store->create(configObject("item-seed", std::string(500, 'x'))));
    store.reset();
    runSql(
        folder / "store" / "objects.sqlite",
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 9999) "
        "INSERT INTO objects (kind, ns, name, uid, version, body) SELECT kind, ns, 'item-' || n, 'uid-' || n, version, "
        "CAST(replace(CAST(body AS TEXT), 'item-seed', 'item-' || n) AS BLOB) FROM objects, numbers");
    open();
    const auto since = [](std::chrono::steady_clock::time_point from) {
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count();
    };
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 200; ++i) {
        ASSERT_TRUE(store->create(configObject("new-" + std::to_string(i), std::string(500, 'x'))));
    }
    std::cout << "200 creates: " << since(begun) << " ms\n";
    const auto listing = std::chrono::steady_clock::now();
    EXPECT_EQ(store->list(kinds::ConfigMap, {})->items.size(), 10'200U);
    std::cout << "list of 10,200: " << since(listing) << " ms\n";
    const auto watching = std::chrono::steady_clock::now();
    auto watch = store->watch(kinds::ConfigMap, {}).value();
    for (int i = 0; i < 10'200; ++i) {
        auto event = watch->next(std::chrono::seconds(5), {});
        ASSERT_TRUE(event && event->has_value());
    }
    std::cout << "watch of 10,200 as ADDED: " << since(watching) << " ms\n";
    const auto waking = std::chrono::steady_clock::now();
    ASSERT_TRUE(store->create(configObject("late")));
    auto event = watch->next(std::chrono::seconds(5), {});
    ASSERT_TRUE(event && event->has_value());
    std::cout << "write and wake: " << since(waking) << " ms\n";
}

} // namespace
} // namespace gatehouse::local_store
