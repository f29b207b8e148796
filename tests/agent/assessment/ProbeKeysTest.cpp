#include "agent/assessment/ProbeKeys.h"

#include <gtest/gtest.h>

using namespace gatehouse;

TEST(ProbeKeys, OnePerModelKnownToTheTableAndForgottenWithTheModel) {
    assessment::ProbeKeys keys;
    EXPECT_TRUE(keys.ensure({{"default", "a"}, {"default", "b"}}));
    EXPECT_FALSE(keys.ensure({{"default", "a"}, {"default", "b"}}));
    const Secret a = keys.keyOf({"default", "a"});
    const Secret b = keys.keyOf({"default", "b"});
    ASSERT_FALSE(a.empty());
    EXPECT_FALSE(a.equals(b.reveal()));
    const keys::KeyTable table = keys::KeyTable().with(keys.entries());
    const keys::KeyEntry* entry = table.find(a.reveal(), {});
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(entry->modelName, "a");
    EXPECT_EQ(entry->owner, assessment::ProbeOwner);
    EXPECT_TRUE(keys.ensure({{"default", "b"}}));
    EXPECT_TRUE(keys.keyOf({"default", "a"}).empty());
    EXPECT_FALSE(keys.keyOf({"default", "b"}).empty());
}

TEST(KeyTable, AKeyThatComesTwiceWorksNowhere) {
    const auto digest = crypto::sha256("sk-x");
    const keys::KeyEntry a{.clientId = "a", .nameSpace = "default", .modelName = "m"};
    const keys::KeyEntry b{.clientId = "b", .nameSpace = "default", .modelName = "n"};
    const keys::KeyTable table = keys::KeyTable().with({{digest, a}}).with({{digest, b}});
    EXPECT_EQ(table.find("sk-x", {}), nullptr);
    EXPECT_EQ(table.problems().size(), 1U);
}
