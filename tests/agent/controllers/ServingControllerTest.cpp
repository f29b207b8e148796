#include "agent/controllers/ServingController.h"

#include "core/keys/KeyManager.h"
#include "core/local_store/LocalStore.h"
#include "core/object_store/KnownKinds.h"
#include "tests/support/TemporaryFolder.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

namespace gatehouse::controllers {
namespace {

/// A gateway that takes what it is told, or refuses while `broken`.
struct RecordingGateway {
    std::mutex mutex;
    serving_plan::ServingPlan plan;
    std::shared_ptr<const keys::KeyTable> keys = std::make_shared<const keys::KeyTable>();
    bool broken = false;
    int enforced = 0;

    GatewayPort port() {
        return {.setKeys =
                    [this](std::shared_ptr<const keys::KeyTable> table) {
                        const std::lock_guard lock(mutex);
                        keys = std::move(table);
                    },
                .enforce = [this](const serving_plan::ServingPlan& wanted,
                                  std::stop_token) -> Result<std::vector<serving_plan::Condition>> {
                    const std::lock_guard lock(mutex);
                    ++enforced;
                    if (broken) {
                        return failure(ErrorKind::Unreachable, "the gateway is away");
                    }
                    plan = wanted;
                    return std::vector<serving_plan::Condition>();
                }};
    }

    std::size_t models() {
        const std::lock_guard lock(mutex);
        return plan.models.size();
    }

    bool knows(const Secret& key) {
        const std::lock_guard lock(mutex);
        return keys->find(key.reveal(), std::chrono::system_clock::now()) != nullptr;
    }

    void setBroken(bool value) {
        const std::lock_guard lock(mutex);
        broken = value;
    }
};

class ServingControllerTest : public testing::Test {
protected:
    void SetUp() override {
        store = std::move(*local_store::LocalStore::open(folder / "store", clock));
        keyManager = std::make_unique<keys::KeyManager>(*store, clock);
    }

    void start() {
        controller = std::make_unique<ServingController>(*store, probeKeys, gateway.port(), clock, "https://gw");
    }

    void create(const std::string& name, const std::string& modelId) {
        const json::Value model{
            {"apiVersion", "llm.nebari.dev/v1alpha1"},
            {"kind", "LLMModel"},
            {"metadata",
             {{"name", name},
              {"namespace", "default"},
              // Port 1 refuses at once, so the model server counts as unreachable without any waiting.
              {"annotations", {{"gatehouse.dev/upstream", "http://127.0.0.1:1"}}}}},
            {"spec",
             {{"model", {{"name", modelId}, {"source", "huggingface"}, {"storage", {{"type", "emptyDir"}}}}},
              {"resources", {{"gpu", {{"count", 1}, {"type", "nvidia"}}}}},
              {"access", {{"public", true}}}}}};
        const auto created = store->create(*Object::from(model));
        ASSERT_TRUE(created) << created.error().describe();
    }

    std::string condition(const std::string& name, const std::string& type) {
        const auto model = store->get({kinds::LLMModel, "default", name});
        const json::Value* list = model ? model->at("status.conditions") : nullptr;
        if (list != nullptr) {
            for (const auto& one : list->get_array()) {
                if (json::text(one, "type") == type) {
                    return json::text(one, "status") + "/" + json::text(one, "reason");
                }
            }
        }
        return {};
    }

    static bool eventually(const std::function<bool()>& condition) {
        for (int i = 0; i < 500; ++i) {
            if (condition()) {
                return true;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        return false;
    }

    test::TemporaryFolder folder;
    SystemClock clock;
    std::unique_ptr<local_store::LocalStore> store;
    std::unique_ptr<keys::KeyManager> keyManager;
    assessment::ProbeKeys probeKeys;
    RecordingGateway gateway;
    std::unique_ptr<ServingController> controller;
};

} // namespace

TEST_F(ServingControllerTest, AModelIsEnforcedAndSaysHowItIs) {
    start();
    create("chat", "org/chat");
    ASSERT_TRUE(eventually([&] { return controller->isInForce("default", "chat"); }));
    EXPECT_EQ(gateway.models(), 1U);
    EXPECT_TRUE(eventually([&] { return condition("chat", "RouteInForce") == "True/Confirmed"; }));
    EXPECT_TRUE(eventually([&] { return condition("chat", "UpstreamReachable") == "False/NoAnswer"; }));
    const auto model = store->get({kinds::LLMModel, "default", "chat"});
    EXPECT_EQ(model->text("status.phase"), "Starting");
    EXPECT_EQ(model->text("status.endpoints.external"), "https://gw");
    EXPECT_FALSE(probeKeys.keyOf({"default", "chat"}).empty());
}

TEST_F(ServingControllerTest, KeysAreInForceWhenRefreshReturns) {
    start();
    create("chat", "org/chat");
    ASSERT_TRUE(eventually([&] { return controller->isInForce("default", "chat"); }));
    auto minted = keyManager->mint({.nameSpace = "default", .modelName = "chat", .owner = "alice"});
    ASSERT_TRUE(minted) << minted.error().describe();
    ASSERT_TRUE(controller->refreshKeys());
    EXPECT_TRUE(gateway.knows(minted->value));
    ASSERT_TRUE(keyManager->revoke("default", minted->metadata.clientId));
    ASSERT_TRUE(controller->refreshKeys());
    EXPECT_FALSE(gateway.knows(minted->value));
}

TEST_F(ServingControllerTest, ADeletedModelLosesItsRouteFirstAndItsKeysForGood) {
    start();
    create("chat", "org/chat");
    ASSERT_TRUE(eventually([&] { return controller->isInForce("default", "chat"); }));
    auto minted = keyManager->mint({.nameSpace = "default", .modelName = "chat", .owner = "alice"});
    ASSERT_TRUE(minted);
    gateway.setBroken(true);
    ASSERT_TRUE(store->remove({kinds::LLMModel, "default", "chat"}));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    EXPECT_TRUE(store->get({kinds::LLMModel, "default", "chat"})) << "let go while its route may still stand";
    EXPECT_FALSE(controller->isInForce("default", "chat"));
    gateway.setBroken(false);
    EXPECT_TRUE(eventually([&] { return !store->get({kinds::LLMModel, "default", "chat"}); }));
    EXPECT_EQ(gateway.models(), 0U);
    EXPECT_EQ(store->get({kinds::Secret, "default", "chat-api-keys"}).error().kind, ErrorKind::NotFound);
    create("chat", "org/chat");
    ASSERT_TRUE(eventually([&] { return controller->isInForce("default", "chat"); }));
    EXPECT_FALSE(gateway.knows(minted->value)) << "a key of the deleted model opens its namesake";
}

TEST_F(ServingControllerTest, OfTwoModelsWithOneIdTheYoungerIsLeftOutWithAReason) {
    create("old", "org/same");
    std::this_thread::sleep_for(std::chrono::milliseconds(1100)); // creationTimestamp has whole seconds
    create("young", "org/same");
    start();
    EXPECT_TRUE(eventually([&] { return controller->isInForce("default", "old"); }));
    EXPECT_TRUE(eventually([&] { return condition("young", "Ready") == "False/NotReady"; }));
    EXPECT_FALSE(controller->isInForce("default", "young"));
}

TEST_F(ServingControllerTest, AnUntouchedStoreComesToRest) {
    start();
    create("chat", "org/chat");
    ASSERT_TRUE(eventually([&] { return condition("chat", "UpstreamReachable") == "False/NoAnswer"; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const auto version = store->list(kinds::LLMModel, {})->resourceVersion;
    std::this_thread::sleep_for(std::chrono::milliseconds(1000));
    EXPECT_EQ(store->list(kinds::LLMModel, {})->resourceVersion, version) << "the controller writes in a circle";
}

} // namespace gatehouse::controllers
