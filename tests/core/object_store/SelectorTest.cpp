#include "core/object_store/Selector.h"

#include "core/object_store/NameRules.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

bool selects(std::string_view text, const std::map<std::string, std::string>& labels) {
    auto selector = LabelSelector::parse(text);
    EXPECT_TRUE(selector) << text << ": " << (selector ? "" : selector.error().describe());
    return selector && selector->matches(labels);
}

TEST(LabelSelector, ReadsAllOfTheSyntax) {
    const std::map<std::string, std::string> labels{{"app", "chat"}, {"x.io/tier", "a"}, {"n", "7"}, {"empty", ""}};
    for (const char* text :
         {"", "  ", "app", "app=chat", "app==chat", "app = chat", "app!=other", "none!=x", "!none", "app in (chat)",
          "app in (x, chat ,y)", "app notin (x)", "none notin (x,y)", "x.io/tier=a", "app,n>6,n<8",
          "empty=", "empty in ()", "empty in (,x)", "app=chat,x.io/tier in (a,b),!zzz"}) {
        EXPECT_TRUE(selects(text, labels)) << text;
    }
    for (const char* text : {"none", "app=other", "app!=chat", "!app", "app in (x,y)", "none in (x)",
                             "app notin (chat)", "n>7", "n<7", "app>1", "none>1", "app=chat,none", "app="}) {
        EXPECT_FALSE(selects(text, labels)) << text;
    }
}

TEST(LabelSelector, RefusesWhatItCannotRead) {
    for (const char* text :
         {"=",   "a=b=c", "a b",   "a in", "a in x", "a in (x",   "a in (x))",     "a,", ",a", "a,,b", "!", "!a=b",
          "a>x", "a=-x",  "a/b/c", "-a",   "a=(",    "a in (-x)", "a nothing (x)", "ä"}) {
        const auto selector = LabelSelector::parse(text);
        ASSERT_FALSE(selector) << text;
        EXPECT_EQ(selector.error().kind, ErrorKind::BadRequest) << text;
    }
}

TEST(FieldSelector, KnowsNameAndNamespace) {
    const auto matches = [](std::string_view text) {
        return FieldSelector::parse(text).value().matches("default", "chat");
    };
    EXPECT_TRUE(matches(""));
    EXPECT_TRUE(matches("metadata.name=chat"));
    EXPECT_TRUE(matches("metadata.name==chat,metadata.namespace=default"));
    EXPECT_TRUE(matches("metadata.name!=other"));
    EXPECT_FALSE(matches("metadata.name=other"));
    EXPECT_FALSE(matches("metadata.namespace!=default"));
    for (const char* text : {"spec.x=1", "metadata.name", "=", "metadata.name=a,", "!"}) {
        EXPECT_FALSE(FieldSelector::parse(text)) << text;
    }
}

TEST(NameRules, AreThoseOfKubernetes) {
    EXPECT_EQ(names::subdomainProblem("a.b-c.1"), "");
    EXPECT_EQ(names::subdomainProblem(std::string(253, 'a')), "");
    for (const auto& bad : {std::string(), std::string("A"), std::string("a_b"), std::string(".a"), std::string("a."),
                            std::string("a..b"), std::string("-a"), std::string("a-.b"), std::string(254, 'a'),
                            std::string("a\0b", 3), std::string("../x")}) {
        EXPECT_NE(names::subdomainProblem(bad), "") << bad;
    }
    EXPECT_EQ(names::labelNameProblem("team-a"), "");
    EXPECT_NE(names::labelNameProblem("team.a"), "");
    EXPECT_NE(names::labelNameProblem(std::string(64, 'a')), "");
    EXPECT_EQ(names::qualifiedNameProblem("example.com/A_b.c"), "");
    EXPECT_NE(names::qualifiedNameProblem("Example.com/a"), "");
    EXPECT_NE(names::qualifiedNameProblem("a/"), "");
    EXPECT_NE(names::labelValueProblem("a b"), "");
    EXPECT_EQ(names::labelValueProblem(""), "");
    EXPECT_EQ(names::dataKeyProblem("tls.crt"), "");
    for (const char* bad : {"", ".", "..", "..data", "a/b", "a b"}) {
        EXPECT_NE(names::dataKeyProblem(bad), "") << bad;
    }
}

} // namespace
} // namespace gatehouse
