#include "agent/admin_api/OpenApi.h"

#include "core/files/Files.h"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>

namespace gatehouse::admin_api {
namespace {

/// "apis/gatehouse.dev/v1alpha1" -> resources/openapi/gatehouse.dev_v1alpha1.json
std::filesystem::path fileOf(std::string groupPath) {
    groupPath.erase(0, groupPath.starts_with("apis/") ? 5 : 4);
    std::replace(groupPath.begin(), groupPath.end(), '/', '_');
    const std::string name = groupPath.find('_') == std::string::npos ? "core_" + groupPath : groupPath;
    return std::filesystem::path(GATEHOUSE_SOURCE_DIR) / "resources" / "openapi" / (name + ".json");
}

} // namespace

/// The files in resources/openapi are for people and for generators of clients. After a change that is meant:
/// UPDATE_GOLDEN=1, then read the difference as a client would.
TEST(OpenApi, TheFilesInResourcesAreWhatTheAgentServes) {
    const json::Object index = openApiIndex();
    ASSERT_GE(index.at("paths").get_object().size(), 3U);
    for (const auto& entry : index.at("paths").get_object()) {
        const std::string groupPath(entry.key());
        const auto document = openApiDocument(groupPath);
        ASSERT_TRUE(document) << groupPath;
        const std::string text = json::pretty(*document);
        if (std::getenv("UPDATE_GOLDEN") != nullptr) {
            ASSERT_TRUE(files::writeAtomically(fileOf(groupPath), text));
        }
        EXPECT_EQ(text, files::read(fileOf(groupPath)).value_or("(missing)")) << fileOf(groupPath);
    }
}

} // namespace gatehouse::admin_api
