#include "tests/support/ObjectStoreContract.h"

#include <atomic>
#include <thread>

namespace gatehouse::test {

void includeReadingContract();

void includeReadingContract() {}

TEST_P(ObjectStoreContract, ListsAreOrderedAndSelected) {
    for (const char* name : {"b", "a", "d", "c"}) {
        Object object = configMap(name);
        object.metadata()["labels"] = {{"suite", "contract"},
                                       {"tier", std::string(name) < "c" ? "low" : "high"},
                                       {"is-" + std::string(name), "yes"}};
        (void)created(object);
    }
    const auto names = [&](const std::string& labels, const std::string& fields = {}) {
        auto list = store().list(kinds::ConfigMap,
                                 {.nameSpace = m_nameSpace, .labelSelector = labels, .fieldSelector = fields});
        EXPECT_TRUE(list) << (list ? "" : list.error().describe());
        std::string all;
        for (const Object& object : list.value_or(ObjectList()).items) {
            all += object.name();
        }
        return all;
    };
    EXPECT_EQ(names("suite"), "abcd");
    EXPECT_EQ(names("suite,tier=low"), "ab");
    EXPECT_EQ(names("suite,tier==high"), "cd");
    EXPECT_EQ(names("suite,tier!=high"), "ab");
    EXPECT_EQ(names("suite,tier in (low, high)"), "abcd");
    EXPECT_EQ(names("suite,tier notin (low)"), "cd");
    EXPECT_EQ(names("suite,!is-a"), "bcd");
    EXPECT_EQ(names("suite,is-a"), "a");
    EXPECT_EQ(names("suite", "metadata.name=c"), "c");
    EXPECT_EQ(names("suite", "metadata.name!=c"), "abd");
    EXPECT_EQ(names("suite", "metadata.name=c,metadata.namespace=" + m_nameSpace), "c");
    EXPECT_EQ(names("tier=none"), "");
    EXPECT_EQ(errorKind(store().list(kinds::ConfigMap, {.nameSpace = m_nameSpace, .labelSelector = "a=("})),
              ErrorKind::BadRequest);
    EXPECT_EQ(errorKind(store().list(kinds::ConfigMap, {.nameSpace = m_nameSpace, .fieldSelector = "data.x=1"})),
              ErrorKind::BadRequest);
}

TEST_P(ObjectStoreContract, PagesAreOfOneMoment) {
    for (int i = 0; i < 7; ++i) {
        Object object = configMap("item-" + std::to_string(i));
        object.metadata()["labels"] = {{"suite", "contract"}};
        (void)created(object);
    }
    ListOptions options{.nameSpace = m_nameSpace, .labelSelector = "suite", .limit = 3};
    auto page = store().list(kinds::ConfigMap, options);
    ASSERT_TRUE(page) << page.error().describe();
    ASSERT_EQ(page->items.size(), 3U);
    const std::string version = page->resourceVersion;
    // After the first page the rest changes: the later pages do not show it.
    ASSERT_TRUE(store().remove({kinds::ConfigMap, m_nameSpace, "item-4"}));
    Object changed = read(configMap("item-5"));
    changed.content()["data"] = {{"value", "2"}};
    ASSERT_TRUE(store().update(changed));
    Object late = configMap("item-35");
    late.metadata()["labels"] = {{"suite", "contract"}};
    (void)created(late);
    std::string all;
    std::string values;
    while (true) {
        for (const Object& object : page->items) {
            all += object.name().substr(5) + " ";
            values += object.text("data.value");
        }
        EXPECT_EQ(page->resourceVersion, version);
        if (page->continueToken.empty()) {
            break;
        }
        options.continueToken = page->continueToken;
        page = store().list(kinds::ConfigMap, options);
        ASSERT_TRUE(page) << page.error().describe();
    }
    EXPECT_EQ(all, "0 1 2 3 4 5 6 ");
    EXPECT_EQ(values, "1111111");
    options.continueToken = "nonsense";
    EXPECT_FALSE(store().list(kinds::ConfigMap, options));
}

TEST_P(ObjectStoreContract, WatchMissesNothingAfterAList) {
    const Object before = created(configMap("before"));
    auto list = store().list(kinds::ConfigMap, {.nameSpace = m_nameSpace});
    ASSERT_TRUE(list);
    Object object = created(configMap("during"));
    auto watch = watchFrom(kinds::ConfigMap, list->resourceVersion);
    WatchEvent event = nextEvent(*watch);
    EXPECT_EQ(event.type, WatchEventType::Added);
    EXPECT_EQ(event.object.content(), object.content());
    object.content()["data"] = {{"value", "2"}};
    auto changed = store().update(object);
    ASSERT_TRUE(changed);
    event = nextEvent(*watch);
    EXPECT_EQ(event.type, WatchEventType::Modified);
    EXPECT_EQ(event.object.content(), changed->content());
    ASSERT_TRUE(store().remove(keyOf(object)));
    event = nextEvent(*watch);
    EXPECT_EQ(event.type, WatchEventType::Deleted);
    EXPECT_EQ(event.object.name(), "during");
    EXPECT_EQ(event.object.text("data.value"), "2") << "the last state";
    EXPECT_NE(event.object.resourceVersion(), changed->resourceVersion());
    auto later = watchFrom(kinds::ConfigMap, event.object.resourceVersion());
    ASSERT_TRUE(store().remove(keyOf(before)));
    EXPECT_EQ(nextEvent(*later).object.name(), "before") << "a watch can go on from the version of a deletion";
}

TEST_P(ObjectStoreContract, WatchWithoutAVersionBeginsWithTheState) {
    const Object first = created(model("first"));
    auto watch = watchFrom(kinds::LLMModel, "");
    WatchEvent event = nextEvent(*watch);
    EXPECT_EQ(event.type, WatchEventType::Added);
    EXPECT_EQ(event.object.content(), first.content());
    const Object second = created(model("second"));
    event = nextEvent(*watch);
    EXPECT_EQ(event.type, WatchEventType::Added);
    EXPECT_EQ(event.object.content(), second.content());
}

TEST_P(ObjectStoreContract, WatchFollowsASelector) {
    const Object anchor = created(configMap("anchor"));
    auto watch = watchFrom(kinds::ConfigMap, anchor.resourceVersion(), "show=yes");
    Object object = created(configMap("moving"));
    const auto label = [&](const char* value, const char* data) {
        object.metadata()["labels"] = {{"show", value}};
        object.content()["data"] = {{"value", data}};
        auto done = store().update(object);
        EXPECT_TRUE(done);
        object = done.value_or(Object());
    };
    label("yes", "in");
    label("yes", "still");
    label("no", "out");
    label("no", "unseen");
    label("yes", "again");
    ASSERT_TRUE(store().remove(keyOf(object)));
    const std::vector<std::pair<WatchEventType, std::string>> expected{{WatchEventType::Added, "in"},
                                                                       {WatchEventType::Modified, "still"},
                                                                       {WatchEventType::Deleted, "still"},
                                                                       {WatchEventType::Added, "again"},
                                                                       {WatchEventType::Deleted, "again"}};
    for (const auto& [type, value] : expected) {
        const WatchEvent event = nextEvent(*watch);
        EXPECT_EQ(event.type, type) << value;
        EXPECT_EQ(event.object.text("data.value"), value);
    }
}

TEST_P(ObjectStoreContract, WatchIsQuietAndCanBeStopped) {
    const Object anchor = created(configMap("anchor"));
    auto watch = watchFrom(kinds::ConfigMap, anchor.resourceVersion());
    auto nothing = watch->next(std::chrono::milliseconds(50), {});
    ASSERT_TRUE(nothing) << nothing.error().describe();
    EXPECT_FALSE(nothing->has_value());
    std::stop_source stop;
    std::jthread stopper([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        stop.request_stop();
    });
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(errorKind(watch->next(std::chrono::seconds(30), stop.get_token())), ErrorKind::Cancelled);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

TEST_P(ObjectStoreContract, SecretsKeepBase64AndTheirType) {
    json::Object content;
    content["apiVersion"] = "v1";
    content["kind"] = "Secret";
    content["metadata"] = {{"name", "keys"}, {"namespace", m_nameSpace}};
    content["data"] = {{"a", "YWJj"}};
    content["stringData"] = {{"b", "def"}};
    const Object first = created(Object(content));
    EXPECT_EQ(first.text("type"), "Opaque");
    EXPECT_EQ(*first.at("data"), json::Value({{"a", "YWJj"}, {"b", "ZGVm"}}));
    EXPECT_EQ(first.at("stringData"), nullptr);
    content["metadata"] = {{"name", "bad"}, {"namespace", m_nameSpace}};
    content["data"] = {{"a", "not base64!"}};
    EXPECT_FALSE(store().create(Object(content)));
    content["data"] = {{"bad/key", "YWJj"}};
    EXPECT_EQ(errorKind(store().create(Object(content))), ErrorKind::Invalid);
    EXPECT_EQ(errorKind(store().updateStatus(first)), ErrorKind::NotFound) << "Secrets have no status";
}

TEST_P(ObjectStoreContract, ConcurrentWritersLoseNothing) {
    constexpr int writers = 4;
    constexpr int each = 10;
    (void)created(configMap("counter", "0"));
    const ObjectKey key = keyOf(configMap("counter"));
    std::vector<std::jthread> threads;
    std::atomic<int> failures{0};
    for (int i = 0; i < writers; ++i) {
        threads.emplace_back([&] {
            for (int done = 0; done < each;) {
                auto object = store().get(key);
                if (!object) {
                    ++failures;
                    return;
                }
                object->content()["data"] = {{"value", std::to_string(std::stoi(object->text("data.value")) + 1)}};
                auto written = store().update(*object);
                if (written) {
                    ++done;
                } else if (written.error().kind != ErrorKind::Conflict) {
                    ++failures;
                    return;
                }
            }
        });
    }
    threads.clear();
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(read(configMap("counter")).text("data.value"), std::to_string(writers * each));
}

} // namespace gatehouse::test
