#include "core/exporters/Exporters.h"
#include "core/signing/Attestation.h"
#include "core/signing/PackRules.h"
#include "tests/support/EvidenceFixture.h"
#include "tests/support/PackFixture.h"
#include "tests/support/TemporaryFolder.h"

#include <cstdlib>
#include <gtest/gtest.h>

namespace gatehouse::signing {
namespace {

/// cosign on $PATH or named by GATEHOUSE_COSIGN; empty when there is none.
std::string cosign() {
    if (const char* named = std::getenv("GATEHOUSE_COSIGN"); named != nullptr && *named != '\0') {
        return named;
    }
    return std::system("command -v cosign >/dev/null 2>&1") == 0 ? "cosign" : "";
}

/// A proxy that nobody listens on stands for "no network".
int verifyWith(const std::string& program, const std::filesystem::path& pack, const std::filesystem::path& key) {
    const std::string command =
        "HTTPS_PROXY=http://127.0.0.1:9 HTTP_PROXY=http://127.0.0.1:9 HOME='" + pack.parent_path().string() + "' '" +
        program + "' verify-blob-attestation --key '" + key.string() + "' --insecure-ignore-tlog --type " +
        std::string(PredicateType) + " --bundle '" + (pack / AttestationName).string() + "' '" +
        (pack / ManifestName).string() + "' >'" + (pack.parent_path() / "out").string() + "' 2>&1";
    return std::system(command.c_str());
}

TEST(Cosign, AcceptsOurPacksAndRefusesChangedOnes) {
    const std::string program = cosign();
    if (program.empty()) {
        GTEST_SKIP() << "cosign is neither on PATH nor named by GATEHOUSE_COSIGN";
    }
    for (const char* type : {"ed25519", "p256"}) {
        const test::TemporaryFolder folder;
        const auto signer = openFileSigner(test::writeKey(folder.path(), type));
        test::spill(folder / "k.pub", (*signer)->publicKeyPem());
        const auto other =
            openFileSigner(test::writeKey(folder.path(), std::string(type) == "p256" ? "ed25519" : "p256"));
        test::spill(folder / "other.pub", (*other)->publicKeyPem());
        const auto bundle = sign(*evidence::assemble(test::openInputs()), **signer);
        ASSERT_TRUE(bundle);
        ASSERT_TRUE(exporters::writeFolder(*bundle, folder / "pack"));
        EXPECT_EQ(verifyWith(program, folder / "pack", folder / "k.pub"), 0) << type << test::slurp(folder / "out");
        EXPECT_NE(verifyWith(program, folder / "pack", folder / "other.pub"), 0) << type;
        test::spill(folder / "pack/manifest.json", test::slurp(folder / "pack/manifest.json") + " ");
        EXPECT_NE(verifyWith(program, folder / "pack", folder / "k.pub"), 0) << type;
    }
}

} // namespace
} // namespace gatehouse::signing
