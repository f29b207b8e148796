#include "core/signing/Signing.h"

#include "core/crypto/Crypto.h"
#include "core/evidence/Escape.h"
#include "core/signing/Attestation.h"
#include "core/signing/Manifest.h"
#include "core/signing/PackReader.h"
#include "core/signing/PackRules.h"
#include "core/signing/PublicKey.h"

#include <set>

namespace gatehouse::signing {
namespace {

tl::unexpected<Error> problem(const std::string& what) {
    return failure(ErrorKind::Integrity, what);
}

Result<const std::string*> fileNamed(const evidence::Files& files, std::string_view name) {
    const auto found = files.find(std::string(name));
    if (found == files.end()) {
        return problem(std::string(name) + " is missing");
    }
    return &found->second;
}

/// The signature first: until it holds, nothing else in the pack deserves a reading.
Result<Statement> verifiedStatement(const evidence::Files& files, const std::vector<PublicKey>& trusted,
                                    std::string& fingerprint) {
    const Result<const std::string*> text = fileNamed(files, AttestationName);
    if (!text) {
        return failure(text.error());
    }
    const Result<Envelope> envelope = readBundle(**text);
    if (!envelope) {
        return failure(envelope.error());
    }
    const std::string signedBytes = preAuthentication(envelope->payload);
    for (const PublicKey& key : trusted) {
        if (key.verify(signedBytes, envelope->signature)) {
            fingerprint = key.fingerprint();
            return readStatement(envelope->payload);
        }
    }
    return problem(std::string(AttestationName) + ": the signature was made by none of the " +
                   std::to_string(trusted.size()) + " trusted keys, or what it signs was changed");
}

Result<Manifest> verifiedManifest(const evidence::Files& files, const Statement& statement) {
    const Result<const std::string*> text = fileNamed(files, ManifestName);
    if (!text) {
        return failure(text.error());
    }
    if (crypto::sha256Hex(**text) != statement.manifestSha256) {
        return problem(std::string(ManifestName) + ": its SHA-256 is not the signed one");
    }
    return readManifest(**text);
}

Result<void> checkFiles(const evidence::Files& files, const Manifest& manifest) {
    std::set<std::string> listed{std::string(ManifestName), std::string(AttestationName)};
    for (const Manifest::Entry& entry : manifest.files) {
        listed.insert(entry.path);
        const auto found = files.find(entry.path);
        if (found == files.end()) {
            return problem(entry.path + " is missing");
        }
        if (found->second.size() != entry.size) {
            return problem(entry.path + " was changed: it has " + std::to_string(found->second.size()) +
                           " bytes instead of " + std::to_string(entry.size));
        }
        if (crypto::sha256Hex(found->second) != entry.sha256) {
            return problem(entry.path + " was changed: its SHA-256 is not the signed one");
        }
    }
    for (const auto& [path, content] : files) {
        if (!listed.contains(path)) {
            return problem(path + " was added: it does not stand in " + std::string(ManifestName));
        }
    }
    return {};
}

Result<void> check(const evidence::Files& files, const std::vector<PublicKey>& trusted, VerifyResult& result) {
    const Result<Statement> statement = verifiedStatement(files, trusted, result.keyFingerprint);
    if (!statement) {
        return failure(statement.error());
    }
    const Result<Manifest> manifest = verifiedManifest(files, *statement);
    if (!manifest) {
        return failure(manifest.error());
    }
    result.result = statement->result;
    result.runId = manifest->runId;
    result.madeAt = manifest->madeAt;
    result.files = files.size();
    return checkFiles(files, *manifest);
}

Result<std::vector<PublicKey>> keysFrom(const std::vector<std::string>& pems) {
    std::vector<PublicKey> keys;
    for (const std::string& pem : pems) {
        Result<PublicKey> key = PublicKey::fromPem(pem);
        if (!key) {
            return failure(std::move(key.error()));
        }
        keys.push_back(std::move(*key));
    }
    if (keys.empty()) {
        return failure(
            ErrorKind::Invalid,
            "there is no trusted public key to verify with; a key that lies in the pack itself is never trusted",
            "give --key FILE, or put the signer's .pub file into ~/.config/gatehouse/trusted-keys");
    }
    return keys;
}

} // namespace

json::Object VerifyResult::toJson() const {
    return {{"valid", valid},
            {"problem", problem},
            {"runId", runId},
            {"madeAt", madeAt},
            {"keyFingerprint", keyFingerprint},
            {"result", result},
            {"files", files}};
}

Result<SignedBundle> sign(evidence::EvidenceBundle bundle, const Signer& signer) {
    if (bundle.madeAt == TimePoint{}) {
        bundle.madeAt = bundle.run.startedAt;
    }
    for (const std::string_view reserved : {ManifestName, AttestationName}) {
        if (bundle.files.contains(std::string(reserved))) {
            return failure(ErrorKind::Internal, "an artifact claims the name " + std::string(reserved));
        }
    }
    if (const std::string wrong = filesProblem(bundle.files); !wrong.empty()) {
        return failure(ErrorKind::Invalid, "this pack cannot be signed: " + wrong);
    }
    std::string manifest = manifestText(bundle);
    const std::string payload = statementText(crypto::sha256Hex(manifest), bundle.predicate);
    const Result<std::string> signature = signer.sign(preAuthentication(payload));
    if (!signature) {
        return failure(because("the pack could not be signed", signature.error()));
    }
    bundle.files[std::string(ManifestName)] = std::move(manifest);
    bundle.files[std::string(AttestationName)] = bundleText(payload, *signature);
    // Once more over the whole, so that nothing is written that verifyPack would refuse.
    const std::string wrong = filesProblem(bundle.files);
    const Result<Statement> statement = readStatement(payload);
    const Result<Manifest> listed = readManifest(bundle.files[std::string(ManifestName)]);
    if (!wrong.empty() || !statement || !listed) {
        return failure(ErrorKind::Invalid, "this pack cannot be signed: " + (!wrong.empty() ? wrong
                                                                             : !statement   ? statement.error().message
                                                                                            : listed.error().message));
    }
    return SignedBundle{bundle.run, std::move(bundle.files)};
}

Result<VerifyResult> verifyPack(const std::filesystem::path& pack,
                                const std::vector<std::string>& trustedPublicKeysPem) {
    const Result<std::vector<PublicKey>> trusted = keysFrom(trustedPublicKeysPem);
    if (!trusted) {
        return failure(trusted.error());
    }
    VerifyResult result;
    const Result<evidence::Files> files = readPackFiles(pack);
    if (!files && files.error().kind != ErrorKind::Integrity) {
        return failure(files.error());
    }
    const Result<void> checked = files ? check(*files, *trusted, result) : Result<void>(failure(files.error()));
    result.valid = checked.has_value();
    result.problem = checked ? std::string() : checked.error().message;
    return result;
}

} // namespace gatehouse::signing
