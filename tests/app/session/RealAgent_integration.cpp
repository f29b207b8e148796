// The console's client against a running agent: GATEHOUSE_AGENT_DATA names its data folder; it must serve at least one
// ready model. Everything made is taken away again.
#include "app/session/HttpAgentClient.h"
#include "core/object_store/KnownKinds.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <thread>

namespace gatehouse::session {
namespace {

class RealAgentTest : public ::testing::Test {
protected:
    void SetUp() override {
        const char* folder = std::getenv("GATEHOUSE_AGENT_DATA");
        if (folder == nullptr) {
            GTEST_SKIP() << "GATEHOUSE_AGENT_DATA is not set: no running agent to talk to";
        }
        auto connection = readConnection(std::filesystem::path(folder));
        ASSERT_TRUE(connection) << connection.error().describe();
        client = std::make_unique<HttpAgentClient>(std::move(*connection));
        auto models = client->list(kinds::LLMModel, {});
        ASSERT_TRUE(models) << models.error().describe();
        ASSERT_FALSE(models->items.empty());
        model = models->items.front();
    }

    std::unique_ptr<HttpAgentClient> client;
    Object model;
};

TEST_F(RealAgentTest, MintRotateRevoke) {
    const Object request(
        json::Object{{"apiVersion", "gatehouse.dev/v1alpha1"},
                     {"kind", "ApiKey"},
                     {"metadata", json::Object{{"generateName", "key-"}}},
                     {"spec", json::Object{{"model", model.name()}, {"owner", "console-test"}, {"expires", "1d"}}}});
    auto minted = client->mintKey(request, {});
    ASSERT_TRUE(minted) << minted.error().describe();
    EXPECT_TRUE(minted->value.reveal().starts_with("sk-"));
    const ObjectKey first{kinds::ApiKey, minted->key.nameSpace(), minted->key.name()};
    auto rotated = client->rotateKey(first, "1h", {});
    ASSERT_TRUE(rotated) << rotated.error().describe();
    EXPECT_FALSE(rotated->value.equals(minted->value.reveal()));
    EXPECT_TRUE(client->remove(first, {}));
    EXPECT_TRUE(client->remove({kinds::ApiKey, rotated->key.nameSpace(), rotated->key.name()}, {}));
    auto left = client->list(kinds::ApiKey, {});
    ASSERT_TRUE(left);
    for (const Object& key : left->items) {
        EXPECT_NE(key.text("spec.owner"), "console-test");
    }
}

TEST_F(RealAgentTest, DryRunChangesNothingAndConflictsAndRulesAreSaid) {
    Object changed = model;
    json::objectAt(json::objectAt(changed.content(), "spec"), "model")["revision"] = "dry";
    auto dry = client->update(changed, true, {});
    ASSERT_TRUE(dry) << dry.error().describe();
    EXPECT_EQ(dry->text("spec.model.revision"), "dry");
    auto now = client->get({kinds::LLMModel, model.nameSpace(), model.name()}, {});
    ASSERT_TRUE(now);
    EXPECT_NE(now->text("spec.model.revision"), "dry");
    changed.metadata()["resourceVersion"] = "1";
    const auto conflict = client->update(changed, true, {});
    ASSERT_FALSE(conflict);
    EXPECT_EQ(conflict.error().kind, ErrorKind::Conflict) << conflict.error().describe();
    Object wrong = *now;
    json::objectAt(json::objectAt(json::objectAt(wrong.content(), "spec"), "resources"), "gpu")["count"] = -1;
    const auto refused = client->update(wrong, true, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::Invalid) << refused.error().describe();
    EXPECT_NE(refused.error().field.find("gpu.count"), std::string::npos) << refused.error().field;
}

TEST_F(RealAgentTest, ProbeRunIsWatchedAndCancelled) {
    auto before = client->list(kinds::ProbeRun, {});
    ASSERT_TRUE(before);
    const Object request(json::Object{{"apiVersion", "gatehouse.dev/v1alpha1"},
                                      {"kind", "ProbeRun"},
                                      {"metadata", json::Object{{"generateName", "console-test-"}}},
                                      {"spec", json::Object{{"endpoints", json::Array{}}}}});
    auto run = client->create(request, false, {});
    ASSERT_TRUE(run) << run.error().describe();
    const ObjectKey key{kinds::ProbeRun, run->nameSpace(), run->name()};
    std::string phase;
    std::stop_source stop;
    bool asked = false;
    std::jthread limit([&stop](std::stop_token ended) {
        for (int i = 0; i < 600 && !ended.stop_requested(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        stop.request_stop();
    });
    const AgentClient::WatchHandlers handlers{
        [] {},
        [&](const WatchEvent& event) {
            if (event.object.name() != key.name) {
                return;
            }
            phase = event.object.text("status.phase");
            if (phase == "Running" && !asked) {
                asked = true;
                EXPECT_TRUE(client->mergePatch(key, json::Object{{"spec", json::Object{{"cancelled", true}}}}, {}));
            }
            if (phase == "Cancelled" || phase == "Completed" || phase == "Failed") {
                stop.request_stop();
            }
        }};
    (void)client->watch(kinds::ProbeRun, before->resourceVersion, handlers, stop.get_token());
    EXPECT_TRUE(asked);
    EXPECT_EQ(phase, "Cancelled");
    EXPECT_TRUE(client->remove(key, {}));
}

} // namespace
} // namespace gatehouse::session
