#pragma once

#include "core/evidence/EvidenceBundle.h"
#include "core/secrets/Secret.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::signing {

/// Makes signatures with one key. Thread-safe.
class Signer {
public:
    virtual ~Signer() = default;
    [[nodiscard]] virtual Result<std::string> sign(std::string_view bytes) const = 0; ///< raw signature (DER for ECDSA)
    [[nodiscard]] virtual std::string publicKeyPem() const = 0;
    /// "SHA256:" and the base64 of the digest of the DER public key, for people.
    [[nodiscard]] virtual std::string keyFingerprint() const = 0;
};

/// Ed25519 or ECDSA P-256 from an unencrypted PEM file (mode 0600). ECDSA signatures have the lower of the two possible
/// s.
[[nodiscard]] Result<std::unique_ptr<Signer>> openFileSigner(const std::filesystem::path& privateKey);
/// Makes an Ed25519 key on first use: `privateKey` with mode 0600 and the public half beside it as `<privateKey>.pub`
/// (written again when it is missing; a foreign one there is an error). Two processes at once end with the same key.
[[nodiscard]] Result<std::unique_ptr<Signer>> openOrCreateFileSigner(const std::filesystem::path& privateKey);

/// A bundle with manifest.json and attestation.sigstore.json added: what goes to disk.
struct SignedBundle {
    RunStamp run;
    evidence::Files files;
};

/// Adds manifest.json (every other file by path, size and SHA-256) and the signature over it. Fails (Invalid, TooLarge)
/// for a bundle that verifyPack would refuse: odd paths, too many or too large files.
[[nodiscard]] Result<SignedBundle> sign(evidence::EvidenceBundle bundle, const Signer& signer);

struct VerifyResult {
    bool valid = false;
    std::string problem; ///< the first thing that is wrong: which file and why; empty when valid
    std::string runId;
    std::string madeAt;
    std::string keyFingerprint;
    std::string result; ///< "PASSED", "WARNED" or "FAILED" of the statement
    std::size_t files = 0;
    [[nodiscard]] json::Object toJson() const;
};

/// Checks a pack (folder or .zip) without network: signature, statement, manifest, every byte, nothing missing, nothing
/// added, no links. Fails only if it could not look (unreadable, no key); what is wrong with a pack is in the result.
[[nodiscard]] Result<VerifyResult> verifyPack(const std::filesystem::path& pack,
                                              const std::vector<std::string>& trustedPublicKeysPem);

} // namespace gatehouse::signing
