// Tests compare with literals; the product never converts implicitly.
#undef QT_NO_CAST_FROM_ASCII
#include "app/session/Session.h"

#include "app/jobs/RunThen.h"
#include "app/pages/keys/KeysController.h"
#include "core/object_store/KnownKinds.h"
#include "tests/support/console/FakeAgentClient.h"

#include <QElapsedTimer>
#include <gtest/gtest.h>

namespace gatehouse::session {
namespace {

using gatehouse::testing::FakeAgentClient;
using gatehouse::testing::objectOf;
using gatehouse::testing::waitFor;

TEST(ObjectFeedTest, ListsThenFollows) {
    auto client = std::make_shared<FakeAgentClient>();
    client->put(kinds::LLMModel, objectOf(kinds::LLMModel, "a"));
    ObjectFeed feed(client, kinds::LLMModel);
    feed.start();
    ASSERT_TRUE(waitFor([&] { return feed.state() == ObjectFeed::State::Live && feed.objects().size() == 1; }));
    client->put(kinds::LLMModel, objectOf(kinds::LLMModel, "b"));
    ASSERT_TRUE(waitFor([&] { return feed.objects().size() == 2; }));
    client->erase(kinds::LLMModel, "default/a");
    ASSERT_TRUE(waitFor([&] { return feed.objects().size() == 1; }));
    EXPECT_TRUE(feed.objects().contains("default/b"));
    EXPECT_EQ(client->lists(), 1);
}

TEST(ObjectFeedTest, LossKeepsWhatWasReadAndResumesWithoutANewList) {
    auto client = std::make_shared<FakeAgentClient>();
    client->put(kinds::ApiKey, objectOf(kinds::ApiKey, "k1"));
    ObjectFeed feed(client, kinds::ApiKey);
    feed.start();
    ASSERT_TRUE(waitFor([&] { return feed.objects().size() == 1; }));
    client->goAway(makeError(ErrorKind::Unreachable, "connection refused"));
    ASSERT_TRUE(waitFor([&] { return feed.state() == ObjectFeed::State::Lost; }));
    EXPECT_EQ(feed.objects().size(), 1U);
    ASSERT_TRUE(feed.error());
    EXPECT_EQ(feed.error()->kind, ErrorKind::Unreachable);
    client->put(kinds::ApiKey, objectOf(kinds::ApiKey, "k2"));
    client->goAway(std::nullopt);
    feed.retryNow();
    ASSERT_TRUE(waitFor([&] { return feed.state() == ObjectFeed::State::Live && feed.objects().size() == 2; }));
    EXPECT_EQ(client->lists(), 1);
}

TEST(ObjectFeedTest, TooOldListsAnew) {
    auto client = std::make_shared<FakeAgentClient>();
    ObjectFeed feed(client, kinds::ProbeRun);
    feed.start();
    ASSERT_TRUE(waitFor([&] { return client->lists() == 1; }));
    client->compact();
    ASSERT_TRUE(waitFor([&] { return client->lists() == 2; }));
    client->put(kinds::ProbeRun, objectOf(kinds::ProbeRun, "after"));
    ASSERT_TRUE(waitFor([&] { return feed.objects().size() == 1; }));
    EXPECT_EQ(feed.state(), ObjectFeed::State::Live);
}

TEST(ObjectFeedTest, EndsAtOnceWhileTheServerHangs) {
    auto client = std::make_shared<FakeAgentClient>();
    client->hang(true);
    QElapsedTimer timer;
    {
        ObjectFeed feed(client, kinds::LLMModel);
        feed.start();
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        timer.start();
    }
    EXPECT_LT(timer.elapsed(), 1000);
}

TEST(SessionTest, ALostConnectionLeavesTheRowsOfATable) {
    auto client = std::make_shared<FakeAgentClient>();
    for (int i = 0; i < 50; ++i) {
        client->put(kinds::ApiKey, objectOf(kinds::ApiKey, "key-" + std::to_string(i),
                                            R"({"owner": "o", "model": "m"})", R"({"state": "Active"})"));
    }
    const SystemClock clock;
    Session session(client, clock, {});
    pages::KeysController controller(session);
    session.start();
    ASSERT_TRUE(waitFor([&] { return controller.table().rowCount() == 50; }));
    client->goAway(makeError(ErrorKind::Unreachable, "connection refused"));
    ASSERT_TRUE(waitFor([&] { return session.lost(); }));
    EXPECT_EQ(controller.table().rowCount(), 50);
    client->goAway(std::nullopt);
    session.retryNow();
    ASSERT_TRUE(waitFor([&] { return !session.lost(); }));
    EXPECT_EQ(controller.table().rowCount(), 50);
}

TEST(SessionTest, TheEventLoopTurnsWhileTheAgentHangs) {
    auto client = std::make_shared<FakeAgentClient>();
    client->hang(true);
    const SystemClock clock;
    Session session(client, clock, {});
    pages::KeysController controller(session);
    session.start();
    QObject context;
    bool answered = false;
    controller.mint(&context, {"m", "o", "", "", "30d"}, [&](Result<MintedKey>) { answered = true; });
    session.retryNow();
    qint64 slowest = 0;
    QElapsedTimer whole;
    whole.start();
    while (whole.elapsed() < 1500) {
        QElapsedTimer turn;
        turn.start();
        QCoreApplication::processEvents();
        slowest = std::max(slowest, turn.elapsed());
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_FALSE(answered);
    // One blocking call would cost the whole time; the bound leaves room for a loaded machine.
    EXPECT_LT(slowest, 400);
    client->hang(false);
    EXPECT_TRUE(waitFor([&] { return answered; }));
}

TEST(SessionTest, AnotherMinorVersionIsSaidInOneSentence) {
    auto client = std::make_shared<FakeAgentClient>();
    const SystemClock clock;
    Session session(client, clock, {});
    EXPECT_TRUE(session.versionNote().isEmpty());
    client->m_agentVersion = "9.7.1";
    EXPECT_TRUE(session.versionNote().contains("9.7.1"));
    EXPECT_EQ(minorVersion("0.1.3"), "0.1");
    EXPECT_EQ(minorVersion("1"), "1");
}

TEST(RunThenTest, DoesNotCallBackWhenTheContextIsGone) {
    bool called = false;
    auto context = std::make_unique<QObject>();
    std::atomic_bool go = false;
    std::atomic_bool worked = false;
    jobs::runThen(
        context.get(),
        [&](std::stop_token) {
            while (!go) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            worked = true;
            return 7;
        },
        [&](int) { called = true; });
    context.reset();
    go = true;
    ASSERT_TRUE(waitFor([&] { return worked.load(); }));
    waitFor([] { return false; }, std::chrono::milliseconds(100));
    EXPECT_FALSE(called);
}

} // namespace
} // namespace gatehouse::session
