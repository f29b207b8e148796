#include "core/evidence/PackDiff.h"
#include "core/crypto/Crypto.h"
#include "tests/support/EvidenceFixture.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace gatehouse::evidence {
namespace {

Files packOf(const EvidenceInputs& inputs) {
    Files files = assemble(inputs)->files;
    files["manifest.json"] = "{\"of\":\"" + inputs.report.run.id + "\"}";
    return files;
}

const PackDiff::Change* find(const PackDiff& diff, const std::string& section, const std::string& what) {
    const auto found = std::find_if(diff.changes.begin(), diff.changes.end(), [&](const PackDiff::Change& change) {
        return change.section == section && change.what == what;
    });
    return found == diff.changes.end() ? nullptr : &*found;
}

TEST(PackDiff, TheSamePackHasNoChanges) {
    const Files pack = packOf(test::openInputs());
    const Result<PackDiff> diff = diffPacks(pack, pack);
    ASSERT_TRUE(diff) << diff.error().describe();
    EXPECT_TRUE(diff->changes.empty());
    EXPECT_FALSE(diff->isWorse());
    EXPECT_NE(diff->toMarkdown().find("Nothing changed."), std::string::npos);
}

TEST(PackDiff, ANewOpenEndpointIsSaidOnceAndIsWorse) {
    const Result<PackDiff> diff = diffPacks(packOf(test::goodInputs()), packOf(test::openInputs()));
    ASSERT_TRUE(diff);
    EXPECT_TRUE(diff->isWorse());
    ASSERT_NE(find(*diff, "endpoint", "added"), nullptr);
    const PackDiff::Change* conclusion = find(*diff, "conclusion", "added");
    ASSERT_NE(conclusion, nullptr);
    EXPECT_EQ(conclusion->after, "reached");
    EXPECT_TRUE(conclusion->worse);
    EXPECT_NE(find(*diff, "finding", "added"), nullptr);
    EXPECT_EQ(find(*diff, "verdict", "added"), nullptr);
    const Result<PackDiff> back = diffPacks(packOf(test::openInputs()), packOf(test::goodInputs()));
    EXPECT_FALSE(back->isWorse());
    EXPECT_NE(find(*back, "finding", "removed"), nullptr);
}

TEST(PackDiff, AVerdictThatTurnsIsNamedWithItsRoute) {
    EvidenceInputs later = test::goodInputs();
    later.report.endpoints[0].checks[0].verdict = probe::Verdict::Reached;
    const Result<PackDiff> diff = diffPacks(packOf(test::goodInputs()), packOf(later));
    ASSERT_EQ(diff->changes.size(), 1U);
    EXPECT_EQ(diff->changes[0].subject, "chat-a: no-credential POST /v1/chat/completions");
    EXPECT_EQ(diff->changes[0].before, "DENIED");
    EXPECT_EQ(diff->changes[0].after, "REACHED");
    EXPECT_TRUE(diff->changes[0].worse);
}

TEST(PackDiff, KeysThatCameWentOrChanged) {
    EvidenceInputs later = test::goodInputs();
    later.keys[0].state = "Expired";
    later.keys[1].clientId = "user-new-1";
    const Result<PackDiff> diff = diffPacks(packOf(test::goodInputs()), packOf(later));
    EXPECT_NE(find(*diff, "key", "changed"), nullptr);
    EXPECT_NE(find(*diff, "key", "added"), nullptr);
    EXPECT_NE(find(*diff, "key", "removed"), nullptr);
    EXPECT_FALSE(diff->isWorse());
}

TEST(PackDiff, FollowsTheChain) {
    const Files first = packOf(test::goodInputs());
    EvidenceInputs later = test::goodInputs();
    EXPECT_FALSE(diffPacks(first, packOf(later))->chained);
    later.previous = ChainLink{"r", "2026-01-01T00:00:00Z", crypto::sha256Hex(first.at("manifest.json")), 1};
    EXPECT_TRUE(diffPacks(first, packOf(later))->chained);
    later.previous->manifestSha256 = std::string(64, '0');
    EXPECT_FALSE(diffPacks(first, packOf(later))->chained);
    EXPECT_TRUE(diffPacks(first, packOf(later))->namesAnother);
}

TEST(PackDiff, RefusesWhatIsNoPack) {
    EXPECT_EQ(diffPacks({}, packOf(test::goodInputs())).error().kind, ErrorKind::BadRequest);
    Files broken = packOf(test::goodInputs());
    broken["denial-matrix-2026-05-15.json"] = "{";
    EXPECT_FALSE(diffPacks(packOf(test::goodInputs()), broken));
}

} // namespace
} // namespace gatehouse::evidence
