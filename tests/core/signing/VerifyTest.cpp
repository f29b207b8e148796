#include "core/crypto/Crypto.h"
#include "core/exporters/Exporters.h"
#include "core/signing/Attestation.h"
#include "core/signing/PackRules.h"
#include "core/signing/Signing.h"
#include "tests/support/EvidenceFixture.h"
#include "tests/support/PackFixture.h"
#include "tests/support/TemporaryFolder.h"

#include <cctype>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace gatehouse::signing {
namespace {

namespace fs = std::filesystem;

/// A pack on disk, signed with a fresh key of the type.
class PackOnDisk {
public:
    explicit PackOnDisk(const std::string& type = "ed25519")
        : m_signer(std::move(*openFileSigner(test::writeKey(m_folder.path(), type)))),
          m_bundle(test::signedBundle(*m_signer)) {
        EXPECT_TRUE(exporters::writeFolder(m_bundle, path()));
    }

    [[nodiscard]] fs::path path() const { return m_folder / "pack"; }

    [[nodiscard]] fs::path beside(const std::string& name) const { return m_folder / name; }

    [[nodiscard]] const SignedBundle& bundle() const { return m_bundle; }

    [[nodiscard]] const Signer& signer() const { return *m_signer; }

    [[nodiscard]] VerifyResult verify() const {
        const Result<VerifyResult> result = verifyPack(path(), {m_signer->publicKeyPem()});
        EXPECT_TRUE(result) << (result ? "" : result.error().describe());
        return result ? *result : VerifyResult();
    }

    /// Empty when the pack is valid, which it must not be.
    [[nodiscard]] std::string problem() const {
        const VerifyResult result = verify();
        EXPECT_EQ(result.valid, result.problem.empty());
        return result.problem;
    }

    /// Puts a payload into the pack with a good signature over it.
    void resign(const std::string& payload) {
        const std::string signature = *m_signer->sign(preAuthentication(payload));
        test::spill(path() / AttestationName, bundleText(payload, signature));
    }

    /// Signs the manifest that lies in the pack now.
    void resignManifest() {
        const json::Object predicate = test::smallBundle().predicate;
        resign(statementText(crypto::sha256Hex(test::slurp(path() / ManifestName)), predicate));
    }

private:
    test::TemporaryFolder m_folder;
    std::unique_ptr<Signer> m_signer;
    SignedBundle m_bundle;
};

void replace(std::string& text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
}

TEST(Verify, AcceptsWhatWasSigned) {
    for (const char* type : {"ed25519", "p256"}) {
        const PackOnDisk pack(type);
        const VerifyResult result = pack.verify();
        EXPECT_TRUE(result.valid) << result.problem;
        EXPECT_EQ(result.runId, test::fixedRun().id);
        EXPECT_EQ(result.madeAt, "2026-05-15T14:00:00Z");
        EXPECT_EQ(result.result, "PASSED");
        EXPECT_EQ(result.files, 7U);
        EXPECT_EQ(result.keyFingerprint, pack.signer().keyFingerprint());
    }
}

/// The one promise of a pack: flip any bit pattern of any byte of any file, envelope and manifest included.
TEST(Verify, RefusesAfterAnyByteOfAnyFileIsChanged) {
    for (const char* type : {"ed25519", "p256"}) {
        SCOPED_TRACE(type);
        const PackOnDisk pack(type);
        for (const auto& [path, content] : pack.bundle().files) {
            for (std::size_t at = 0; at < content.size(); ++at) {
                for (const char flip : {'\x01', '\x20'}) {
                    if (flip == '\x20' && std::isalpha(static_cast<unsigned char>(content[at])) == 0) {
                        continue; // the second flip is for what only differs in case
                    }
                    std::string changed = content;
                    changed[at] = static_cast<char>(changed[at] ^ flip);
                    test::spill(pack.path() / path, changed);
                    const std::string problem = pack.problem();
                    EXPECT_NE(problem, "") << path << " at " << at;
                    EXPECT_TRUE(problem.starts_with(path) || path == AttestationName) << path << ": " << problem;
                }
            }
            test::spill(pack.path() / path, content + "\n");
            EXPECT_NE(pack.problem(), "") << path << " made longer";
            if (!content.empty()) {
                test::spill(pack.path() / path, content.substr(0, content.size() - 1));
                EXPECT_NE(pack.problem(), "") << path << " made shorter";
            }
            test::spill(pack.path() / path, content);
        }
        EXPECT_EQ(pack.problem(), "");
    }
}

TEST(Verify, RefusesEachFileRemoved) {
    const PackOnDisk pack;
    for (const auto& [path, content] : pack.bundle().files) {
        fs::remove(pack.path() / path);
        EXPECT_NE(pack.problem(), "") << path;
        fs::create_directories((pack.path() / path).parent_path());
        test::spill(pack.path() / path, content);
    }
    EXPECT_EQ(pack.problem(), "");
}

TEST(Verify, RefusesWhatWasAdded) {
    for (const char* name : {"zzz.txt", ".hidden", "transcripts/.x", "transcripts/a/two.txt", "README.md~",
                             "caf\xC3\xA9.txt", "readme.MD", "a b.txt", "back\\slash", "con:1"}) {
        const PackOnDisk pack;
        test::spill(pack.path() / name, "x");
        EXPECT_NE(pack.problem(), "") << name;
    }
    const PackOnDisk pack;
    fs::create_directory(pack.path() / "empty-folder");
    EXPECT_EQ(pack.problem(), "empty-folder/: is an empty folder");
    fs::remove(pack.path() / "empty-folder");
    fs::create_directory(pack.path() / ".git");
    EXPECT_NE(pack.problem(), "");
}

TEST(Verify, RefusesSwappedAndRenamedFiles) {
    const PackOnDisk pack;
    fs::rename(pack.path() / "README.md", pack.path() / "x");
    fs::rename(pack.path() / "report.html", pack.path() / "README.md");
    fs::rename(pack.path() / "x", pack.path() / "report.html");
    EXPECT_TRUE(pack.problem().starts_with("README.md was changed")) << pack.problem();
    const PackOnDisk other;
    fs::rename(other.path() / "report.html", other.path() / "Report.html");
    EXPECT_EQ(other.problem(), "report.html is missing");
}

TEST(Verify, RefusesLinksAndDevices) {
    const PackOnDisk pack;
    const fs::path file = pack.path() / "README.md";
    const std::string content = test::slurp(file);
    fs::remove(file);
    test::spill(pack.beside("same"), content);
    fs::create_symlink(pack.beside("same"), file);
    EXPECT_EQ(pack.problem(), "README.md: is a symbolic link");
    fs::remove(file);
    fs::create_hard_link(pack.beside("same"), file);
    EXPECT_EQ(pack.problem(), "README.md: has a second name (a hard link)");
    fs::remove(file);
    ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
    EXPECT_EQ(pack.problem(), "README.md: is neither a file nor a folder");
    fs::remove(file);
    test::spill(file, content);
    fs::rename(pack.path() / "transcripts", pack.beside("elsewhere"));
    fs::create_directory_symlink(pack.beside("elsewhere"), pack.path() / "transcripts");
    EXPECT_EQ(pack.problem(), "transcripts: is a symbolic link");
}

TEST(Verify, RefusesAnotherKeyAndNeverUsesOneFromThePack) {
    const PackOnDisk pack;
    const PackOnDisk other;
    const Result<VerifyResult> result = verifyPack(pack.path(), {other.signer().publicKeyPem()});
    ASSERT_TRUE(result);
    EXPECT_FALSE(result->valid);
    EXPECT_NE(result->problem.find("none of the 1 trusted keys"), std::string::npos);
    EXPECT_TRUE(verifyPack(pack.path(), {other.signer().publicKeyPem(), pack.signer().publicKeyPem()})->valid);
    test::spill(pack.path() / "signing-key.pem.pub", pack.signer().publicKeyPem());
    const Result<VerifyResult> none = verifyPack(pack.path(), {});
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find("no trusted public key"), std::string::npos);
    EXPECT_FALSE(verifyPack(pack.path(), {"garbage"}));
}

TEST(Verify, WhatCannotBeReadIsAnErrorAndNotAVerdict) {
    const PackOnDisk pack;
    const std::vector<std::string> keys{pack.signer().publicKeyPem()};
    EXPECT_EQ(verifyPack(pack.beside("nothing"), keys).error().kind, ErrorKind::NotFound);
    EXPECT_EQ(verifyPack("/dev/null", keys).error().kind, ErrorKind::BadRequest);
    fs::create_directory(pack.beside("empty"));
    EXPECT_FALSE(verifyPack(pack.beside("empty"), keys)->valid);
    test::spill(pack.beside("text.zip"), "no zip");
    EXPECT_FALSE(verifyPack(pack.beside("text.zip"), keys)->valid);
}

/// All of these carry a good signature of the trusted key: the statement itself must be right too.
TEST(Verify, RefusesStatementsThatSayAnotherThing) {
    PackOnDisk pack;
    const std::string good =
        statementText(crypto::sha256Hex(test::slurp(pack.path() / ManifestName)), test::smallBundle().predicate);
    pack.resign(good);
    ASSERT_EQ(pack.problem(), "");
    const std::vector<std::pair<std::string, std::string>> changes{
        {"https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"},
        {"test-result/v0.1", "test-result/v0.2"},
        {"\"name\":\"manifest.json\"", "\"name\":\"manifest\""},
        {"\"name\":\"manifest.json\"", "\"nome\":\"manifest.json\""},
        {"\"sha256\":", "\"sha512\":"},
        {"\"PASSED\"", "\"PERFECT\""},
        {"\"subject\":[{", "\"subject\":[{\"digest\":{\"sha256\":\"00\"},\"name\":\"x\"},{"},
        {"\"predicateType\"", "\"extra\":1,\"predicateType\""},
        {"{\"_type\"", "{ \"_type\""},
        {"\"digest\":{", "\"digest\":{\"sha1\":\"00\","}};
    for (const auto& [from, to] : changes) {
        std::string payload = good;
        replace(payload, from, to);
        pack.resign(payload);
        EXPECT_NE(pack.problem(), "") << to;
    }
    pack.resign(good + "\n");
    EXPECT_NE(pack.problem(), "");
}

TEST(Verify, RefusesEnvelopesInAnotherForm) {
    PackOnDisk pack;
    const fs::path file = pack.path() / AttestationName;
    const std::string good = test::slurp(file);
    std::string doubled = good;
    const std::size_t start = doubled.find("{\"sig\"");
    const std::string signature = doubled.substr(start, doubled.find('}', start) - start + 1);
    doubled.insert(start, signature + ",");
    const std::vector<std::pair<std::string, std::string>> changes{{"\"hint\":\"\"", "\"hint\":\"x\""},
                                                                   {"{\"sig\"", "{\"keyid\":\"\",\"sig\""},
                                                                   {"bundle.v0.3", "bundle.v0.2"},
                                                                   {"vnd.in-toto", "vnd.in-t0to"},
                                                                   {"\"mediaType\"", "\"a\":1,\"mediaType\""}};
    for (const auto& [from, to] : changes) {
        std::string text = good;
        replace(text, from, to);
        test::spill(file, text);
        EXPECT_NE(pack.problem(), "") << to;
    }
    for (const std::string& text :
         {doubled, good + "\n", " " + good, std::string("{}"), std::string(), std::string("[]"), good + good}) {
        test::spill(file, text);
        EXPECT_NE(pack.problem(), "") << text.substr(0, 60);
    }
    test::spill(file, doubled);
    EXPECT_EQ(pack.problem(), "attestation.sigstore.json: it must hold exactly one signature");
}

/// Signed again after each change, so that only the rules of the manifest itself can refuse it.
TEST(Verify, RefusesManifestsThatPlayTricks) {
    PackOnDisk pack;
    const fs::path file = pack.path() / ManifestName;
    const std::string good = test::slurp(file);
    pack.resignManifest();
    ASSERT_EQ(pack.problem(), "");
    for (const char* path : {"../x", "/etc/passwd", "a/../b", "a\\\\b", "a//b", ".hidden", "manifest.json",
                             "attestation.sigstore.json", ""}) {
        std::string text = good;
        replace(text, "\"path\":\"README.md\"", std::string("\"path\":\"") + path + "\"");
        test::spill(file, text);
        pack.resignManifest();
        EXPECT_TRUE(pack.problem().starts_with("manifest.json: ")) << path << ": " << pack.problem();
    }
    const std::vector<std::pair<std::string, std::string>> changes{
        {"\"size\":0", "\"size\":-0"},
        {"\"size\":0", "\"size\":0.0"},
        {"\"size\":0", "\"size\":-1"},
        {"EvidenceManifest", "Manifest"},
        {"{\"apiVersion\"", "{\"a\":1,\"apiVersion\""},
        {"\"path\":\"report.html\"", "\"path\":\"README.md\""}};
    for (const auto& [from, to] : changes) {
        std::string text = good;
        replace(text, from, to);
        test::spill(file, text);
        pack.resignManifest();
        EXPECT_NE(pack.problem(), "") << to;
    }
}

TEST(Sign, RefusesWhatVerifyWouldRefuse) {
    const test::TemporaryFolder folder;
    const auto signer = openFileSigner(test::writeKey(folder.path(), "ed25519"));
    for (const char* path : {"../x", "a/./b", "x y", "manifest.json", "README.MD", "README.md/x"}) {
        evidence::EvidenceBundle bundle = test::smallBundle();
        bundle.files[path] = "x";
        EXPECT_FALSE(sign(bundle, **signer)) << path;
    }
    evidence::EvidenceBundle bundle = test::smallBundle();
    bundle.predicate["result"] = "GREAT";
    EXPECT_FALSE(sign(bundle, **signer));
}

TEST(Sign, SameBundleSameBytes) {
    const test::TemporaryFolder folder;
    const auto signer = openFileSigner(test::writeKey(folder.path(), "ed25519"));
    EXPECT_EQ(test::signedBundle(**signer).files, test::signedBundle(**signer).files);
    const auto ecdsa = openFileSigner(test::writeKey(folder.path(), "p256"));
    SignedBundle first = test::signedBundle(**ecdsa);
    SignedBundle second = test::signedBundle(**ecdsa);
    first.files.erase(std::string(AttestationName));
    second.files.erase(std::string(AttestationName));
    EXPECT_EQ(first.files, second.files);
}

TEST(Sign, ARealPackVerifies) {
    const test::TemporaryFolder folder;
    const auto signer = openFileSigner(test::writeKey(folder.path(), "ed25519"));
    const Result<SignedBundle> bundle = sign(*evidence::assemble(test::hostileInputs()), **signer);
    ASSERT_TRUE(bundle) << bundle.error().describe();
    ASSERT_TRUE(exporters::writeFolder(*bundle, folder / "pack"));
    const Result<VerifyResult> result = verifyPack(folder / "pack", {(*signer)->publicKeyPem()});
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->valid) << result->problem;
    EXPECT_EQ(result->result, "WARNED");
}

} // namespace
} // namespace gatehouse::signing
