#include "core/keys/KeyManager.h"

#include "core/keys/KeyTable.h"
#include "core/local_store/LocalStore.h"
#include "core/object_store/KnownKinds.h"
#include "tests/support/FailingStore.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>
#include <thread>

namespace gatehouse::keys {
namespace {

using test::FailingStore;

class KeyManagerTest : public testing::Test {
protected:
    void SetUp() override {
        addModel("chat");
        addModel("code");
    }

    void addModel(const std::string& name, const std::string& nameSpace = "default",
                  const ResourceType& type = kinds::LLMModel) {
        json::Object content;
        content["apiVersion"] = type.apiVersion();
        content["kind"] = type.kind;
        content["metadata"] = {{"name", name}, {"namespace", nameSpace}};
        ASSERT_TRUE(store->create(Object(std::move(content))));
    }

    [[nodiscard]] KeyTable table() {
        return KeyTable::from(store->list(kinds::Secret, {}).value().items,
                              store->list(kinds::ConfigMap, {}).value().items);
    }

    [[nodiscard]] bool works(const Secret& value) { return table().find(value.reveal(), clock.now()) != nullptr; }

    [[nodiscard]] MintedKey mint(const std::string& owner, const std::string& model = "chat",
                                 std::optional<std::chrono::seconds> lifetime = {}) {
        auto minted = keys.mint({"default", model, owner, "a test", "", lifetime});
        EXPECT_TRUE(minted) << (minted ? "" : minted.error().describe());
        return minted ? std::move(*minted) : MintedKey{};
    }

    [[nodiscard]] std::vector<std::string> listedIds() {
        std::vector<std::string> ids;
        const std::vector<KeyMetadata> all = keys.list("").value();
        for (const KeyMetadata& key : all) {
            ids.push_back(key.clientId);
        }
        return ids;
    }

    test::TemporaryFolder folder;
    test::ManualClock clock;
    std::unique_ptr<local_store::LocalStore> store = local_store::LocalStore::open(folder / "store", clock).value();
    KeyManager keys{*store, clock};
};

TEST_F(KeyManagerTest, MintedKeyWorksAndOnlyItsDigestIsKept) {
    const MintedKey minted = mint("alice", "chat", std::chrono::hours(24));
    EXPECT_TRUE(works(minted.value));
    const auto secret = store->get({kinds::Secret, "default", "chat-api-keys"}).value();
    EXPECT_EQ(secret.text("data." + minted.metadata.clientId), crypto::base64(digestText(minted.value.reveal())));
    EXPECT_EQ(json::compact(secret.value()).find(minted.value.reveal()), std::string::npos);
    EXPECT_EQ(secret.labels(),
              (std::map<std::string, std::string>{{"app.kubernetes.io/managed-by", "nebari-llm-operator"},
                                                  {"app.kubernetes.io/instance", "chat"},
                                                  {"app.kubernetes.io/name", "llmmodel"},
                                                  {"llm.nebari.dev/model", "chat"},
                                                  {"llm.nebari.dev/model-name", "chat"}}));
    const auto all = keys.list("default").value();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].clientId, "user-alice-chat-" + shortHash({"alice", "chat"}) + "-1");
    EXPECT_EQ(all[0].creator, "alice");
    EXPECT_EQ(all[0].tenant, "alice");
    EXPECT_EQ(all[0].description, "a test");
    EXPECT_EQ(all[0].createdAt, "2026-11-21T12:00:00Z");
    EXPECT_EQ(all[0].expiresAt, "2026-11-22T12:00:00Z");
    EXPECT_EQ(all[0].modelName, "chat");
    EXPECT_EQ(all[0].nameSpace, "default");
}

TEST_F(KeyManagerTest, PassthroughModelsHaveKeysToo) {
    addModel("outside", "team", kinds::PassthroughModel);
    ASSERT_TRUE(keys.mint({"team", "outside", "alice"}));
    EXPECT_EQ(store->get({kinds::Secret, "team", "outside-api-keys"})->label("app.kubernetes.io/name"),
              "passthroughmodel");
}

TEST_F(KeyManagerTest, NumbersGoOnAndGapsNeverOverwriteALiveKey) {
    const MintedKey one = mint("alice");
    const MintedKey two = mint("alice");
    const MintedKey three = mint("alice");
    EXPECT_TRUE(two.metadata.clientId.ends_with("-2"));
    EXPECT_TRUE(three.metadata.clientId.ends_with("-3"));
    ASSERT_TRUE(keys.revoke("default", two.metadata.clientId));
    const MintedKey four = mint("alice");
    EXPECT_NE(four.metadata.clientId, one.metadata.clientId);
    EXPECT_NE(four.metadata.clientId, three.metadata.clientId);
    EXPECT_TRUE(works(one.value) && works(three.value) && works(four.value));
    EXPECT_FALSE(works(two.value));
    EXPECT_NE(mint("alice", "code").metadata.clientId, one.metadata.clientId);
}

TEST_F(KeyManagerTest, OwnersOfAnyScriptKeepTheirName) {
    for (const std::string& owner :
         {std::string("alice@example.com"), std::string("Ødegård 😀"), std::string("a\nb\t\"\\"),
          std::string("x", 1) + std::string(1, '\0') + "y", std::string("../../etc"), std::string(320, 'x')}) {
        const MintedKey minted = mint(owner);
        EXPECT_LE(minted.metadata.clientId.size(), ClientIdLimit);
        const KeyTable current = table();
        const KeyEntry* entry = current.find(minted.value.reveal(), clock.now());
        ASSERT_NE(entry, nullptr) << owner;
        EXPECT_EQ(entry->owner, owner);
    }
    EXPECT_EQ(keys.list("").value().size(), 6U);
}

TEST_F(KeyManagerTest, RefusesWhatItCannotKeep) {
    const auto kindOf = [&](const MintRequest& request) {
        auto minted = keys.mint(request);
        EXPECT_FALSE(minted);
        return minted ? ErrorKind::Internal : minted.error().kind;
    };
    EXPECT_EQ(kindOf({"default", "chat", ""}), ErrorKind::Invalid);
    EXPECT_EQ(kindOf({"default", "chat", "\xff\xfe"}), ErrorKind::Invalid);
    EXPECT_EQ(kindOf({"default", "chat", std::string(321, 'x')}), ErrorKind::Invalid);
    EXPECT_EQ(kindOf({"default", "chat", "alice", std::string(201, 'x')}), ErrorKind::Invalid);
    EXPECT_EQ(kindOf({"default", "chat", "alice", "", "", std::chrono::seconds(0)}), ErrorKind::Invalid);
    std::string twoHundred;
    for (int i = 0; i < 200; ++i) {
        twoHundred += "é";
    }
    EXPECT_TRUE(keys.mint({"default", "chat", "alice", twoHundred}));
    auto missing = keys.mint({"default", "nothing", "alice"});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind, ErrorKind::NotFound);
    EXPECT_NE(missing.error().describe().find("default/nothing"), std::string::npos);
    EXPECT_FALSE(store->get({kinds::Secret, "default", "nothing-api-keys"}))
        << "no objects for a model that is not there";
}

TEST_F(KeyManagerTest, RevokedKeyIsGoneFromBothObjects) {
    const MintedKey minted = mint("alice");
    auto revoked = keys.revoke("default", minted.metadata.clientId);
    ASSERT_TRUE(revoked) << revoked.error().describe();
    EXPECT_EQ(revoked->creator, "alice");
    EXPECT_FALSE(works(minted.value));
    EXPECT_TRUE(listedIds().empty());
    EXPECT_EQ(
        store->get({kinds::ConfigMap, "default", "chat-api-key-metadata"})->text("data." + minted.metadata.clientId),
        "");
    auto again = keys.revoke("default", minted.metadata.clientId);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().kind, ErrorKind::NotFound);
    EXPECT_NE(again.error().describe().find(minted.metadata.clientId), std::string::npos);
    EXPECT_FALSE(keys.revoke("default", std::string(DummyClientId)));
}

TEST_F(KeyManagerTest, ExpiredKeysStopAndAreSwept) {
    const MintedKey shortLived = mint("alice", "chat", std::chrono::seconds(60));
    const MintedKey forEver = mint("bob");
    clock.advance(std::chrono::seconds(59));
    EXPECT_TRUE(works(shortLived.value));
    EXPECT_EQ(keys.sweep().value(), 0U);
    clock.advance(std::chrono::seconds(1));
    EXPECT_FALSE(works(shortLived.value));
    EXPECT_EQ(listedIds().size(), 2U) << "it is listed until it is swept";
    EXPECT_EQ(keys.sweep().value(), 1U);
    EXPECT_EQ(listedIds(), std::vector<std::string>{forEver.metadata.clientId});
    EXPECT_TRUE(works(forEver.value));
    EXPECT_EQ(keys.sweep().value(), 0U);
}

TEST_F(KeyManagerTest, RotationLetsTheOldKeyEndAfterItsGrace) {
    const MintedKey old = mint("alice", "chat", std::chrono::hours(24 * 30));
    clock.advance(std::chrono::hours(24 * 10));
    auto fresh = keys.rotate("default", old.metadata.clientId, std::chrono::hours(1));
    ASSERT_TRUE(fresh) << fresh.error().describe();
    EXPECT_EQ(fresh->metadata.creator, "alice");
    EXPECT_EQ(fresh->metadata.description, "a test");
    EXPECT_EQ(fresh->metadata.expiresAt, toRfc3339(clock.now() + std::chrono::hours(24 * 30)));
    EXPECT_TRUE(works(old.value) && works(fresh->value));
    auto again = keys.rotate("default", old.metadata.clientId, std::chrono::hours(1));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().kind, ErrorKind::Conflict);
    EXPECT_NE(again.error().describe().find(fresh->metadata.clientId), std::string::npos);
    EXPECT_EQ(listedIds().size(), 2U) << "the refused rotation left nothing behind";
    clock.advance(std::chrono::hours(1));
    EXPECT_FALSE(works(old.value));
    EXPECT_TRUE(works(fresh->value));

    auto atOnce = keys.rotate("default", fresh->metadata.clientId, std::chrono::seconds(0));
    ASSERT_TRUE(atOnce) << atOnce.error().describe();
    EXPECT_FALSE(works(fresh->value));
    EXPECT_TRUE(works(atOnce->value));
    EXPECT_FALSE(keys.rotate("default", old.metadata.clientId, std::chrono::hours(1))) << "an expired key";
    EXPECT_FALSE(keys.rotate("default", "nobody", std::chrono::hours(1)));
}

TEST_F(KeyManagerTest, ARotationWhoseNewKeyDoesNotWorkLeavesTheOldOneAlone) {
    const MintedKey old = mint("alice", "chat", std::chrono::hours(24));
    for (const auto grace : {std::chrono::seconds(0), std::chrono::seconds(3600)}) {
        Secret seen;
        const auto rotated = keys.rotate("default", old.metadata.clientId, grace, [&](const MintedKey& fresh) {
            seen = fresh.value.clone();
            EXPECT_TRUE(works(fresh.value) && works(old.value));
            return Result<void>(failure(ErrorKind::Timeout, "the gateway hangs"));
        });
        ASSERT_FALSE(rotated);
        EXPECT_EQ(rotated.error().kind, ErrorKind::Timeout);
        EXPECT_FALSE(works(seen));
        EXPECT_TRUE(works(old.value));
        EXPECT_EQ(listedIds(), std::vector<std::string>{old.metadata.clientId});
        const auto all = keys.list("").value();
        EXPECT_EQ(all.front().expiresAt, old.metadata.expiresAt);
        EXPECT_TRUE(all.front().replacedBy.empty());
    }
}

TEST_F(KeyManagerTest, KeysOfADeletedModelDoNotOpenItsNamesake) {
    const MintedKey old = mint("alice");
    ASSERT_TRUE(store->remove({kinds::LLMModel, "default", "chat"}));
    EXPECT_FALSE(keys.mint({"default", "chat", "bob", "", "", {}})) << "there is no such model";
    addModel("chat");
    const MintedKey fresh = mint("bob");
    EXPECT_TRUE(works(fresh.value));
    EXPECT_FALSE(works(old.value));
    EXPECT_EQ(listedIds(), std::vector<std::string>{fresh.metadata.clientId});
}

TEST_F(KeyManagerTest, GraceNeverProlongsAKey) {
    const MintedKey old = mint("alice", "chat", std::chrono::seconds(60));
    ASSERT_TRUE(keys.rotate("default", old.metadata.clientId, std::chrono::hours(10)));
    clock.advance(std::chrono::seconds(60));
    EXPECT_FALSE(works(old.value));
}

TEST_F(KeyManagerTest, ManyAtOnceLoseNothing) {
    constexpr int threads = 4;
    constexpr int each = 5;
    std::vector<MintedKey> minted[threads];
    {
        std::vector<std::jthread> running;
        for (int i = 0; i < threads; ++i) {
            running.emplace_back([&, i] {
                for (int k = 0; k < each; ++k) {
                    minted[i].push_back(mint("alice"));
                }
            });
        }
    }
    EXPECT_EQ(listedIds().size(), static_cast<std::size_t>(threads * each));
    EXPECT_TRUE(table().problems().empty());
    for (const auto& list : minted) {
        for (const MintedKey& key : list) {
            EXPECT_TRUE(works(key.value));
        }
    }
}

/// After a mint, revoke or rotate that failed or died at any write: no key works that is not listed, nothing that
/// worked before is lost, and a sweep leaves both objects in step.
TEST_F(KeyManagerTest, AFailureAtAnyWriteLeavesNoUnlistedKeyAndLosesNone) {
    const MintedKey bystander = mint("bob");
    for (const bool dead : {false, true}) {
        for (const auto outcome : {FailingStore::Outcome::FailBefore, FailingStore::Outcome::FailAfter}) {
            for (const char* what : {"mint", "revoke", "rotate", "rotate-now"}) {
                for (int failing = 1; failing <= 8; ++failing) {
                    const MintedKey victim = mint("alice");
                    FailingStore broken(
                        *store,
                        [&](int number, const ObjectKey&) {
                            return number == failing ? outcome : FailingStore::Outcome::Pass;
                        },
                        makeError(ErrorKind::Storage, "the test broke it"), dead);
                    KeyManager manager(broken, clock);
                    Result<MintedKey> fresh = failure(ErrorKind::Internal, "");
                    bool done = false;
                    if (std::string_view(what) == "revoke") {
                        done = manager.revoke("default", victim.metadata.clientId).has_value();
                    } else {
                        const std::chrono::hours grace(std::string_view(what) == "rotate" ? 1 : 0);
                        fresh = std::string_view(what) == "mint"
                                    ? manager.mint({"default", "chat", "carol"})
                                    : manager.rotate("default", victim.metadata.clientId, grace);
                        done = fresh.has_value();
                    }
                    SCOPED_TRACE(std::string(what) + " failing at write " + std::to_string(failing) +
                                 (dead ? " dead" : "") +
                                 (outcome == FailingStore::Outcome::FailAfter ? " after" : " before"));
                    const std::vector<std::string> ids = listedIds();
                    const KeyTable current = table();
                    const auto metadata = store->get({kinds::ConfigMap, "default", "chat-api-key-metadata"}).value();
                    const auto digests = store->get({kinds::Secret, "default", "chat-api-keys"}).value();
                    for (const auto& member : digests.at("data")->get_object()) {
                        EXPECT_TRUE(metadata.at("data")->get_object().contains(member.key())) << "an unlisted digest";
                    }
                    EXPECT_EQ(current.size(), ids.size()) << "what works is listed and what is listed works";
                    EXPECT_TRUE(works(bystander.value));
                    if (done && fresh) {
                        EXPECT_TRUE(works(fresh->value));
                    }
                    if (done && std::string_view(what) == "revoke") {
                        EXPECT_FALSE(works(victim.value)) << "a revocation that was reported holds";
                    }
                    if (std::string_view(what) == "mint") {
                        EXPECT_TRUE(works(victim.value));
                    }
                    clock.advance(std::chrono::minutes(2));
                    ASSERT_TRUE(keys.sweep());
                    EXPECT_TRUE(table().problems().empty());
                    EXPECT_EQ(table().size(), listedIds().size());
                    const auto entries = [&](const ResourceType& type, const std::string& name) {
                        return store->get({type, "default", name})->at("data")->get_object().size();
                    };
                    EXPECT_EQ(entries(kinds::Secret, "chat-api-keys"),
                              entries(kinds::ConfigMap, "chat-api-key-metadata"));
                    const int writes = broken.writes();
                    for (const std::string& id : listedIds()) {
                        if (id != bystander.metadata.clientId) {
                            ASSERT_TRUE(keys.revoke("default", id));
                        }
                    }
                    if (writes < failing) {
                        break;
                    }
                }
            }
        }
    }
}

TEST_F(KeyManagerTest, ConflictsAreRetriedByKindAndOtherErrorsAreNot) {
    int conflicts = 3;
    FailingStore contested(
        *store,
        [&](int, const ObjectKey&) {
            return conflicts-- > 0 ? FailingStore::Outcome::FailBefore : FailingStore::Outcome::Pass;
        },
        makeError(ErrorKind::Conflict, "no such word in here"), false);
    (void)mint("alice");
    EXPECT_TRUE(KeyManager(contested, clock).mint({"default", "chat", "alice"}));
    FailingStore refusing(
        *store, [&](int, const ObjectKey&) { return FailingStore::Outcome::FailBefore; },
        makeError(ErrorKind::Forbidden, "409 conflict"), false);
    auto refused = KeyManager(refusing, clock).mint({"default", "chat", "alice"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::Forbidden);
    EXPECT_LE(refusing.writes(), 2);
}

} // namespace
} // namespace gatehouse::keys
