// How `render` behaves towards bad input: one sentence on stderr that names the thing and the mend, exit code 1 (2 for
// wrong usage), nothing on stdout.
#include "core/files/Files.h"
#include "core/json/Json.h"
#include "tests/agent/kubernetes_objects/RunRender.h"
#include "tests/support/TemporaryFolder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::kubernetes_objects {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string Case = GATEHOUSE_SOURCE_DIR "/tests/agent/kubernetes_objects/golden/served-plain/";

std::string modelText() {
    return *files::read(Case + "input.yaml");
}

class RenderCommand : public testing::Test {
protected:
    std::string write(const std::string& name, const std::string& text) {
        const std::string path = folder / name;
        EXPECT_TRUE(files::writeAtomically(path, text));
        return path;
    }

    /// Renders `text` and expects it to be refused with `says` on stderr.
    void expectRefused(const std::string& text, const std::string& says) {
        const test::Rendered rendered =
            test::runRender({"-f", write("m.yaml", text), "--settings", Case + "settings.env"});
        EXPECT_EQ(rendered.exitCode, 1);
        EXPECT_EQ(rendered.output, "");
        EXPECT_THAT(rendered.errors, HasSubstr(says));
        EXPECT_EQ(std::count(rendered.errors.begin(), rendered.errors.end(), '\n'), 1) << rendered.errors;
    }

    static std::string with(const std::string& old, const std::string& replacement) {
        std::string text = modelText();
        const std::size_t at = text.find(old);
        EXPECT_NE(at, std::string::npos);
        return text.replace(at, old.size(), replacement);
    }

    test::TemporaryFolder folder;
};

TEST_F(RenderCommand, NamesFileLineAndObject) {
    expectRefused("---\n# first line\n" + with("name: plain", "name: llama-3.1"), "m.yaml:3 (LLMModel llama-3.1)");
    expectRefused(with("name: plain", "name: 70b-chat"), "for example m-70b-chat");
    expectRefused(with("count: 1", "count: -1"), "spec.resources.gpu.count is -1; use 0 or more");
    expectRefused(with("size: 20Gi", "size: ''"), "spec.model.storage.size is empty");
    expectRefused(with("source: huggingface", "sauce: huggingface"), "unknown field \"spec.model.sauce\"");
    expectRefused(with("kind: LLMModel", "kind: LLModel"), "no kind \"LLModel\"");
}

TEST_F(RenderCommand, RefusesTwoModelsWithOneId) {
    std::string second = with("name: plain", "name: second");
    expectRefused(modelText() + "---\n" + second, "\"org/plain-7b\" is already the model id of LLMModel team/plain");
    expectRefused(modelText() + "---\n" + modelText(), "the object stands in the input twice");
}

TEST_F(RenderCommand, SurvivesHostileFiles) {
    expectRefused("a: &a [x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n", "m.yaml");
    expectRefused(std::string(10U << 20, 'x'), "m.yaml");
    expectRefused(std::string(100'000, '['), "m.yaml");
    expectRefused("kind: LLMModel\nkind: LLMModel\n", "m.yaml");
    expectRefused("\xff\xfe", "m.yaml");
    expectRefused("", "no LLMModel and no PassthroughModel");
}

TEST_F(RenderCommand, NamesAllMissingSettings) {
    const test::Rendered rendered = test::runRender({"-f", Case + "input.yaml"});
    EXPECT_EQ(rendered.exitCode, 1);
    for (const char* name :
         {"LLM_BASE_DOMAIN", "LLM_EXTERNAL_GATEWAY_NAME", "LLM_INTERNAL_GATEWAY_NAME", "LLM_OIDC_ISSUER_URL"}) {
        EXPECT_THAT(rendered.errors, HasSubstr(name));
    }
}

TEST_F(RenderCommand, WrongUsageIsExitCodeTwo) {
    EXPECT_EQ(test::runRender({}).exitCode, 2);
    EXPECT_EQ(test::runRender({"-f", Case + "input.yaml", "-o", "xml"}).exitCode, 2);
    EXPECT_EQ(test::runRender({"--help"}).exitCode, 0);
}

TEST_F(RenderCommand, JsonHoldsTheSameObjects) {
    const test::Rendered rendered =
        test::runRender({"-f", Case + "input.yaml", "--settings", Case + "settings.env", "-o", "json"});
    ASSERT_EQ(rendered.exitCode, 0);
    const Result<json::Value> list = json::parse(rendered.output);
    ASSERT_TRUE(list);
    EXPECT_EQ(json::text(*list, "kind"), "List");
    EXPECT_EQ(json::at(*list, "items")->as_array().size(), 18U);
}

TEST_F(RenderCommand, WarningsGoToStderrOnly) {
    const test::Rendered rendered = test::runRender(
        {"-f", write("m.yaml", with("size: 20Gi", "type: emptyDir")), "--settings", Case + "settings.env"});
    EXPECT_EQ(rendered.exitCode, 0);
    EXPECT_THAT(rendered.errors, HasSubstr("re-download"));
    EXPECT_THAT(rendered.output, Not(HasSubstr("re-download")));
}

} // namespace
} // namespace gatehouse::kubernetes_objects
