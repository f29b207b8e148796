#include "agent/settings/Settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::settings {
namespace {

using testing::HasSubstr;

Result<Settings> from(std::map<std::string, std::string> values) {
    return settingsFrom([values = std::move(values)](const std::string& name) {
        const auto found = values.find(name);
        return found == values.end() ? std::nullopt : std::optional<std::string>(found->second);
    });
}

std::map<std::string, std::string> required() {
    return {{"LLM_BASE_DOMAIN", "models.example.com"},
            {"LLM_EXTERNAL_GATEWAY_NAME", "out"},
            {"LLM_INTERNAL_GATEWAY_NAME", "in"},
            {"LLM_OIDC_ISSUER_URL", "https://id.example.com/realms/r"}};
}

TEST(Settings, NamesAllThatIsMissingAtOnce) {
    const Result<Settings> settings = from({{"LLM_OIDC_ISSUER_URL", ""}});
    ASSERT_FALSE(settings);
    for (const auto& [name, value] : required()) {
        EXPECT_THAT(settings.error().message, HasSubstr(name));
    }
}

TEST(Settings, HaveTheDefaultsOfTheReference) {
    const Result<Settings> settings = from(required());
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->externalGateway.nameSpace, "envoy-gateway-system");
    EXPECT_EQ(settings->internalGateway.nameSpace, "envoy-gateway-system");
    EXPECT_EQ(settings->oidcGroupsClaim, "groups");
    EXPECT_EQ(settings->oidcAudience, "");
    EXPECT_EQ(settings->clusterIssuerName, "letsencrypt-production");
    EXPECT_EQ(settings->externalHost(), "llm.models.example.com");
    EXPECT_EQ(settings->internalHost(), "llm-internal.models.example.com");
    EXPECT_TRUE(settings->manageSharedListeners);
    EXPECT_TRUE(settings->enableWebhooks);
}

TEST(Settings, FlagsAreReadAsTheReferenceSays) {
    for (const auto& [text, expected] : std::map<std::string, bool>{{"TRUE", true},
                                                                    {"1", true},
                                                                    {"Yes", true},
                                                                    {"on", true},
                                                                    {"", true},
                                                                    {"no", false},
                                                                    {"0", false},
                                                                    {"off", false},
                                                                    {"x", false}}) {
        auto values = required();
        values["LLM_MANAGE_SHARED_LISTENERS"] = text;
        EXPECT_EQ(from(values)->manageSharedListeners, expected) << text;
    }
    auto values = required();
    values["ENABLE_WEBHOOKS"] = "false";
    EXPECT_FALSE(from(values)->enableWebhooks);
    values["ENABLE_WEBHOOKS"] = "False";
    EXPECT_TRUE(from(values)->enableWebhooks);
}

TEST(EnvFile, UnderstandsWhatPeopleWrite) {
    const auto values =
        parseEnvFile("# comment\n\nA=1\r\nexport B = two words \nC=\"quoted # text\"\nD='x'\nE=\nF=a=b");
    ASSERT_TRUE(values);
    EXPECT_EQ(*values,
              (std::map<std::string, std::string>{
                  {"A", "1"}, {"B", "two words"}, {"C", "quoted # text"}, {"D", "x"}, {"E", ""}, {"F", "a=b"}}));
}

TEST(EnvFile, NamesTheLineItCannotRead) {
    const auto values = parseEnvFile("A=1\nnot a line\n");
    ASSERT_FALSE(values);
    EXPECT_THAT(values.error().message, HasSubstr("line 2"));
    EXPECT_FALSE(parseEnvFile("1A=x"));
    EXPECT_FALSE(parseEnvFile("=x"));
}

} // namespace
} // namespace gatehouse::settings
