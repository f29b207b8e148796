#include "agent/kubernetes_objects/GoYaml.h"

#include "core/files/Files.h"
#include "core/yaml/Yaml.h"

#include <gtest/gtest.h>

namespace gatehouse::kubernetes_objects {
namespace {

/// expected.yaml is what sigs.k8s.io/yaml v1.6.0 made of input.json.
TEST(GoYaml, WritesTheBytesThatGoWrites) {
    const std::string folder = GATEHOUSE_SOURCE_DIR "/tests/agent/kubernetes_objects/go-yaml/";
    const json::Value input = *json::parse(*files::read(folder + "input.json"));
    EXPECT_EQ(goYaml(input), *files::read(folder + "expected.yaml"));
}

TEST(GoYaml, IsReadBackAsTheSameValue) {
    const std::string folder = GATEHOUSE_SOURCE_DIR "/tests/agent/kubernetes_objects/go-yaml/";
    json::Value input = *json::parse(*files::read(folder + "input.json"));
    const Result<json::Value> back = yaml::readOne(goYaml(input));
    ASSERT_TRUE(back) << back.error().describe();
    json::Object& parameters = input.as_object()["plugins"].as_array()[0].as_object()["parameters"].as_object();
    parameters["flt"] = 1;
    EXPECT_EQ(json::canonical(*back), json::canonical(input));
}

} // namespace
} // namespace gatehouse::kubernetes_objects
