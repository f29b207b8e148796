#include "agent/standalone/ManifestFolder.h"

#include "agent/standalone/DataFolder.h"
#include "core/local_store/LocalStore.h"
#include "core/object_store/KnownKinds.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>
#include <thread>

namespace gatehouse::standalone {
namespace {

constexpr const char* Route = R"(apiVersion: gatehouse.dev/v1alpha1
kind: OpenRoute
metadata: {name: health}
spec: {endpoint: chat, route: GET /health, owner: platform, reason: load balancer, approver: carol, expires: "2030-01-01"}
)";

} // namespace

TEST(ManifestFolder, AppliesWholeFilesOnlyAndAgainWhenTheyChange) {
    const test::TemporaryFolder folder;
    const SystemClock clock;
    const auto store = std::move(*local_store::LocalStore::open(folder / "store", clock));
    const auto manifests = folder / "manifests";
    ASSERT_TRUE(files::makeFolder(manifests, 0700));
    ASSERT_TRUE(files::writeAtomically(manifests / "good.yaml", Route));
    ASSERT_TRUE(files::writeAtomically(manifests / "half.yaml", std::string(Route) + "---\nkind: Nonsense\n"));
    ASSERT_TRUE(files::writeAtomically(manifests / "notes.txt", "not YAML of ours"));
    ManifestFolder watched(*store, manifests, std::chrono::milliseconds(50));
    const auto owner = [&] {
        const auto object = store->get({kinds::OpenRoute, "default", "health"});
        return object ? object->text("spec.owner") : std::string();
    };
    for (int i = 0; i < 200 && owner() != "platform"; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    ASSERT_EQ(owner(), "platform");
    std::string changed = Route;
    changed.replace(changed.find("platform"), 8, "security");
    ASSERT_TRUE(files::writeAtomically(manifests / "good.yaml", changed));
    for (int i = 0; i < 200 && owner() != "security"; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_EQ(owner(), "security");
    EXPECT_EQ(store->list(kinds::OpenRoute, {})->items.size(), 1U);
}

TEST(DataFolder, IsPrivateAndSaysWhatIsInTheWay) {
    const test::TemporaryFolder folder;
    const DataFolder data{folder / "data"};
    ASSERT_TRUE(data.prepare());
    EXPECT_EQ(std::filesystem::status(data.root).permissions() & std::filesystem::perms::all,
              std::filesystem::perms::owner_all);
    ASSERT_TRUE(files::writeAtomically(folder / "file", "x"));
    const auto refused = DataFolder{folder / "file"}.prepare();
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().describe().find((folder / "file").string()), std::string::npos);
}

} // namespace gatehouse::standalone
