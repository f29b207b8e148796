#include "core/files/Files.h"
#include "core/probe/Prober.h"
#include "core/yaml/Yaml.h"
#include "tests/support/TemporaryFolder.h"

#include <cstdlib>
#include <gtest/gtest.h>

using namespace gatehouse;
using namespace gatehouse::probe;

namespace {

class EndpointList : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(files::writeSecret(m_folder / "a", Secret::copyOf("sk-aaaaaaaaaaaaaaaa\n")));
        ASSERT_TRUE(files::writeSecret(m_folder / "b", Secret::copyOf("sk-bbbbbbbbbbbbbbbb")));
        ASSERT_TRUE(files::writeSecret(m_folder / "two-lines", Secret::copyOf("sk-a\nsk-b")));
        ASSERT_TRUE(files::writeSecret(m_folder / "empty", Secret::copyOf("\n")));
        ASSERT_TRUE(files::writeAtomically(m_folder / "open", "sk-cccccccccccccccc", 0644));
        ASSERT_TRUE(files::writeAtomically(m_folder / "no-ca", "hello"));
    }

    Result<std::vector<ProbeTarget>> read(const std::string& text) {
        const Result<json::Value> value = yaml::readOne(text);
        if (!value) {
            return failure(value.error());
        }
        return readEndpointList(*value, m_folder.path().string());
    }

    Result<std::vector<ProbeTarget>> readEndpoint(const std::string& fields) {
        return read("apiVersion: gatehouse.dev/v1alpha1\nkind: EndpointList\nendpoints:\n- {name: a, url: "
                    "\"https://h.example\"" +
                    (fields.empty() ? "" : ", " + fields) + "}\n");
    }

    test::TemporaryFolder m_folder;
};

} // namespace

TEST_F(EndpointList, ReadsAllFields) {
    setenv("GATEHOUSE_TEST_KEY", "sk-from-the-environment", 1);
    const auto targets = readEndpoint(
        "engine: vllm, model: org/a, credential: {file: a}, foreignCredential: {header: X-Api-Key, env: "
        "GATEHOUSE_TEST_KEY}, foreignModel: org/b, tls: {insecure: true}, openRoutes: [{route: \"GET /health\", "
        "reason: r, owner: o, expires: \"2027-06-30\"}], note: n");
    ASSERT_TRUE(targets) << targets.error().describe();
    const ProbeTarget& target = targets->front();
    EXPECT_EQ(target.credential->header, "Authorization");
    EXPECT_EQ(target.credential->prefix, "Bearer ");
    EXPECT_TRUE(target.credential->value.equals("sk-aaaaaaaaaaaaaaaa"));
    EXPECT_EQ(target.foreignCredential->prefix, "") << "only Authorization has a scheme by default";
    EXPECT_TRUE(target.foreignCredential->value.equals("sk-from-the-environment"));
    EXPECT_TRUE(target.tls.insecure);
    EXPECT_EQ(toIsoDate(*target.openRoutes.at(0).expires), "2027-06-30");
    unsetenv("GATEHOUSE_TEST_KEY");
}

TEST_F(EndpointList, RefusesAndNamesTheField) {
    const std::vector<std::pair<const char*, const char*>> rows{
        {"colour: red", "endpoints[0].colour"},
        {"credential: {file: a, env: HOME}", "endpoints[0].credential.file"},
        {"credential: {}", "endpoints[0].credential.file"},
        {"credential: {file: missing}", "endpoints[0].credential.file"},
        {"credential: {file: open}", "endpoints[0].credential.file"},
        {"credential: {file: empty}", "endpoints[0].credential.file"},
        {"credential: {file: two-lines}", "endpoints[0].credential.file"},
        {"credential: {env: GATEHOUSE_NOT_SET}", "endpoints[0].credential.env"},
        {"credential: {file: a, header: \"X Y\"}", "endpoints[0].credential.header"},
        {"credential: {file: a, prefix: \"Bearer\\r\\nX: y \"}", "endpoints[0].credential.prefix"},
        {"credential: {file: a, value: sk}", "endpoints[0].credential.value"},
        {"credential: {file: a}, foreignCredential: {file: a}", "endpoints[0].foreignCredential"},
        {"model: \"a\\nb\"", "endpoints[0].model"},
        {"model: 5", "endpoints[0].model"},
        {"tls: {ca: no-ca}", "endpoints[0].tls.ca"},
        {"tls: {insecure: \"yes\"}", "endpoints[0].tls.insecure"},
        {"tls: {verify: false}", "endpoints[0].tls.verify"},
        {"openRoutes: {}", "endpoints[0].openRoutes"},
        {"openRoutes: [{route: \"GET /h\", reason: r, owner: o}]", "endpoints[0].openRoutes[0].expires"},
        {"openRoutes: [{route: \"GET /h\", reason: r, expires: \"2027-01-01\"}]", "endpoints[0].openRoutes[0].owner"},
        {"openRoutes: [{route: \"GET /h\", reason: r, owner: o, expires: soon}]", "endpoints[0].openRoutes[0].expires"},
        {"openRoutes: [{route: \"/h\", reason: r, owner: o, expires: \"2027-01-01\"}]",
         "endpoints[0].openRoutes[0].route"},
        {"openRoutes: [{route: \"GET /h\", reason: r, owner: o, expires: \"2027-01-01\"}, {route: \"GET /h\", reason: "
         "r, owner: o, expires: \"2028-01-01\"}]",
         "endpoints[0].openRoutes[1].route"},
    };
    for (const auto& [fields, place] : rows) {
        const auto targets = readEndpoint(fields);
        ASSERT_FALSE(targets) << fields;
        EXPECT_EQ(targets.error().field, place) << fields;
        EXPECT_EQ(targets.error().describe().find("sk-"), std::string::npos) << "an error must not hold a key";
    }
}

TEST_F(EndpointList, RefusesWrongLists) {
    const std::string head = "apiVersion: gatehouse.dev/v1alpha1\nkind: EndpointList\n";
    for (const std::string& text :
         {head, head + "endpoints: []\n", head + "endpoints: {}\n", head + "endpoints: [3]\n",
          head + "extra: 1\nendpoints: [{name: a, url: \"https://h\"}]\n", head + "endpoints: [{name: a}]\n",
          head + "endpoints: [{url: \"https://h\"}]\n", head + "endpoints: [{name: a, url: \"https://u:p@h\"}]\n",
          head + "endpoints: [{name: a, url: ftp://h}]\n",
          head + "endpoints: [{name: a, url: \"http://h\", tls: {insecure: true}}]\n",
          head + "endpoints: [{name: a, url: \"https://h\"}, {name: a, url: \"https://i\"}]\n",
          std::string("apiVersion: v1\nkind: EndpointList\nendpoints: [{name: a, url: \"https://h\"}]\n"),
          std::string("[]\n")}) {
        EXPECT_FALSE(read(text)) << text;
    }
    EXPECT_TRUE(read(head + "endpoints: [{name: a, url: \"https://h\"}, {name: b, url: \"https://h\"}]\n"));
}
