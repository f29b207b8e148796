#include "tests/support/PackFixture.h"

#include "tests/support/EvidenceFixture.h"

#include <cstdlib>
#include <fstream>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

namespace gatehouse::test {

std::filesystem::path writeKey(const std::filesystem::path& folder, const std::string& type) {
    EVP_PKEY* key = type == "ed25519" ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                    : type == "p256"  ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                    : type == "p384"  ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384")
                                      : EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(2048));
    const std::filesystem::path path = folder / (type + ".pem");
    std::FILE* file = std::fopen(path.c_str(), "w");
    if (key == nullptr || file == nullptr ||
        PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        std::abort();
    }
    std::fclose(file);
    EVP_PKEY_free(key);
    ::chmod(path.c_str(), 0600);
    return path;
}

evidence::EvidenceBundle smallBundle() {
    evidence::EvidenceBundle bundle;
    bundle.run = fixedRun();
    bundle.madeAt = fixedTime();
    bundle.files = {{"README.md", "# read me\n"},
                    {"empty.txt", ""},
                    {"report.html", "<p>hello</p>"},
                    {"transcripts/a/one.txt", "GET / HTTP/1.1\r\n\r\n"},
                    {"transcripts/b.txt", std::string("\0\xff binary", 9)}};
    bundle.predicate = {{"result", "PASSED"},
                        {"configuration", json::Array()},
                        {"passedTests", json::Array{"a/no-credential"}},
                        {"warnedTests", json::Array()},
                        {"failedTests", json::Array()}};
    return bundle;
}

signing::SignedBundle signedBundle(const signing::Signer& signer) {
    Result<signing::SignedBundle> bundle = signing::sign(smallBundle(), signer);
    if (!bundle) {
        std::abort();
    }
    return std::move(*bundle);
}

std::string slurp(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void spill(const std::filesystem::path& path, const std::string& content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

} // namespace gatehouse::test
