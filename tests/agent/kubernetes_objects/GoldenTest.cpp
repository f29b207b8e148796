// Every folder of golden/ is one case: input.yaml, settings.env, perhaps existing.yaml and options ("with-shared"), and
// expected.yaml, which `gatehouse-agent render` must print byte for byte. UPDATE_GOLDEN=1 rewrites expected.yaml: read
// the difference before you commit it. The e2e test sends the same objects to a real API server.
#include "core/files/Files.h"
#include "tests/agent/kubernetes_objects/RunRender.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace gatehouse::kubernetes_objects {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> cases() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(GATEHOUSE_SOURCE_DIR "/tests/agent/kubernetes_objects/golden")) {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, IsWhatRenderPrints) {
    const fs::path folder = fs::path(GATEHOUSE_SOURCE_DIR "/tests/agent/kubernetes_objects/golden") / GetParam();
    std::vector<std::string> arguments{"-f", folder / "input.yaml", "--settings", folder / "settings.env"};
    if (fs::exists(folder / "existing.yaml")) {
        arguments.insert(arguments.end(), {"--existing", folder / "existing.yaml"});
    }
    if (fs::exists(folder / "options")) {
        arguments.push_back("--" + files::read(folder / "options")->substr(0, std::string("with-shared").size()));
    }
    const test::Rendered rendered = test::runRender(arguments);
    ASSERT_EQ(rendered.exitCode, 0) << rendered.errors;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
        ASSERT_TRUE(files::writeAtomically(folder / "expected.yaml", rendered.output));
    }
    EXPECT_EQ(rendered.output, *files::read(folder / "expected.yaml"));
    EXPECT_EQ(rendered.output, test::runRender(arguments).output) << "same input, same bytes";
}

INSTANTIATE_TEST_SUITE_P(Cases, Golden, testing::ValuesIn(cases()), [](const auto& info) {
    std::string name = info.param;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

} // namespace
} // namespace gatehouse::kubernetes_objects
