#include "core/keys/KeyTable.h"

#include "core/keys/KeyMetadata.h"
#include "core/keys/KeyNames.h"

#include <gtest/gtest.h>

namespace gatehouse::keys {
namespace {

const TimePoint Noon = parseRfc3339("2026-11-21T12:00:00Z").value();

Object dataObject(const char* kind, const std::string& nameSpace, const std::string& name) {
    json::Object content;
    content["apiVersion"] = "v1";
    content["kind"] = kind;
    content["metadata"] = {{"name", name}, {"namespace", nameSpace}};
    content["data"] = json::Object();
    return Object(std::move(content));
}

/// The two objects of one model, filled entry by entry.
struct ModelKeys {
    explicit ModelKeys(std::string modelName, std::string space = "default")
        : model(std::move(modelName)),
          nameSpace(std::move(space)),
          secret(dataObject("Secret", nameSpace, secretNameOf(model))),
          metadata(dataObject("ConfigMap", nameSpace, metadataNameOf(model))) {}

    void add(const std::string& clientId, const std::string& key, const std::string& expiresAt = {}) {
        addDigest(clientId, crypto::base64(digestText(key)));
        describe({.clientId = clientId,
                  .creator = "alice",
                  .modelName = model,
                  .nameSpace = nameSpace,
                  .expiresAt = expiresAt});
    }

    void addDigest(const std::string& clientId, const std::string& encoded) {
        json::objectAt(secret.content(), "data")[clientId] = encoded;
    }

    void describe(const KeyMetadata& entry) {
        json::objectAt(metadata.content(), "data")[entry.clientId] = toText(entry);
    }

    std::string model;
    std::string nameSpace;
    Object secret;
    Object metadata;
};

KeyTable tableOf(const std::vector<ModelKeys>& models) {
    std::vector<Object> secrets;
    std::vector<Object> metadata;
    for (const ModelKeys& model : models) {
        secrets.push_back(model.secret);
        metadata.push_back(model.metadata);
    }
    return KeyTable::from(secrets, metadata);
}

TEST(KeyTable, FindsAKeyByItsValueAndSaysWhomItStandsFor) {
    ModelKeys chat("chat", "team-a");
    chat.add("user-alice-chat-1", "sk-one");
    chat.describe({.clientId = "user-alice-chat-1",
                   .creator = "alice",
                   .modelName = "chat",
                   .nameSpace = "team-a",
                   .tenant = "acme"});
    const KeyTable table = tableOf({chat});
    const KeyEntry* entry = table.find("sk-one", Noon);
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(*entry, (KeyEntry{"user-alice-chat-1", "alice", "acme", "team-a", "chat", std::nullopt}));
    EXPECT_EQ(table.find("sk-two", Noon), nullptr);
    EXPECT_EQ(table.find("", Noon), nullptr);
    EXPECT_EQ(table.find(digestText("sk-one"), Noon), nullptr) << "the stored text must not work as a key";
    EXPECT_TRUE(table.problems().empty());
    EXPECT_TRUE(table.contains("team-a", "chat", "user-alice-chat-1"));
    EXPECT_FALSE(table.contains("team-b", "chat", "user-alice-chat-1"));
}

TEST(KeyTable, TenantIsTheOwnerWhenNoneIsGiven) {
    ModelKeys chat("chat");
    chat.add("id", "sk-one");
    EXPECT_EQ(tableOf({chat}).find("sk-one", Noon)->tenant, "alice");
}

TEST(KeyTable, ExpiryIsTheMomentTheKeyStopsWorking) {
    ModelKeys chat("chat");
    chat.add("id", "sk-one", "2026-11-21T12:00:00Z");
    const KeyTable table = tableOf({chat});
    EXPECT_NE(table.find("sk-one", Noon - std::chrono::seconds(1)), nullptr);
    EXPECT_EQ(table.find("sk-one", Noon), nullptr);
    EXPECT_NE(table.findDigest(crypto::sha256("sk-one")), nullptr);
}

TEST(KeyTable, DigestWithoutReadableMetadataDoesNotWork) {
    ModelKeys chat("chat");
    chat.addDigest("unlisted", crypto::base64(digestText("sk-one")));
    chat.add("broken", "sk-two");
    json::objectAt(chat.metadata.content(), "data")["broken"] = "{";
    chat.add("elsewhere", "sk-three");
    chat.describe({.clientId = "elsewhere", .creator = "alice", .modelName = "other", .nameSpace = "default"});
    chat.add("when", "sk-four", "tomorrow");
    const KeyTable table = tableOf({chat});
    EXPECT_EQ(table.size(), 0U);
    EXPECT_EQ(table.problems().size(), 4U);
    EXPECT_EQ(KeyTable::from({chat.secret}, {}).size(), 0U);
}

TEST(KeyTable, OnlyDigestsAreAccepted) {
    ModelKeys chat("chat");
    const std::string digest = crypto::sha256Hex("sk-one");
    const std::vector<std::string> bad{"",
                                       crypto::base64("sk-one"),
                                       crypto::base64("sha256:"),
                                       crypto::base64("sha256:" + digest.substr(1)),
                                       crypto::base64("sha256:" + digest + "0"),
                                       "sha256:" + digest,
                                       crypto::base64("sha512:" + digest)};
    for (std::size_t i = 0; i < bad.size(); ++i) {
        chat.add("id-" + std::to_string(i), "x");
        chat.addDigest("id-" + std::to_string(i), bad[i]);
    }
    const KeyTable table = tableOf({chat});
    EXPECT_EQ(table.size(), 0U);
    EXPECT_EQ(table.problems().size(), bad.size());
    for (const std::string& problem : table.problems()) {
        EXPECT_EQ(problem.find(digest.substr(0, 8)), std::string::npos) << problem;
    }
}

TEST(KeyTable, OneValueInTwoPlacesWorksInNeither) {
    ModelKeys chat("chat");
    ModelKeys other("other");
    chat.add("a", "sk-same");
    chat.add("b", "sk-own");
    other.add("a", "sk-same");
    const KeyTable table = tableOf({chat, other});
    EXPECT_EQ(table.find("sk-same", Noon), nullptr);
    EXPECT_NE(table.find("sk-own", Noon), nullptr);
    ASSERT_EQ(table.problems().size(), 1U);
    EXPECT_NE(table.problems()[0].find("default/chat"), std::string::npos);
    EXPECT_NE(table.problems()[0].find("default/other"), std::string::npos);

    ModelKeys unlisted("other");
    unlisted.addDigest("a", crypto::base64(digestText("sk-same")));
    EXPECT_EQ(tableOf({chat, unlisted}).find("sk-same", Noon), nullptr) << "also when one of the two is not listed";
    EXPECT_EQ(tableOf({unlisted, chat}).find("sk-same", Noon), nullptr);
}

TEST(KeyTable, PassesOverTheDummyAndWhatIsBeingDeletedOrOfAnotherName) {
    ModelKeys chat("chat");
    chat.add("a", "sk-one");
    chat.add(std::string(DummyClientId), "sk-dummy");
    KeyTable table = tableOf({chat});
    EXPECT_EQ(table.size(), 1U);
    EXPECT_EQ(table.find("sk-dummy", Noon), nullptr);
    EXPECT_TRUE(table.problems().empty());

    ModelKeys going = chat;
    going.secret.metadata()["deletionTimestamp"] = "2026-11-21T11:00:00Z";
    EXPECT_EQ(tableOf({going}).size(), 0U);

    ModelKeys renamed = chat;
    renamed.secret.metadata()["name"] = "chat-keys";
    EXPECT_EQ(tableOf({renamed}).size(), 0U);

    ModelKeys elsewhere = chat;
    elsewhere.metadata.metadata()["namespace"] = "other";
    EXPECT_EQ(tableOf({elsewhere}).size(), 0U) << "metadata of another namespace does not list this key";
}

} // namespace
} // namespace gatehouse::keys
