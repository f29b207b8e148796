#pragma once

#include "core/result/Result.h"

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace gatehouse::signing {

/// An Ed25519 or ECDSA P-256 public key. Thread-safe.
class PublicKey {
public:
    /// One key, "BEGIN PUBLIC KEY"; nothing but white space after it.
    [[nodiscard]] static Result<PublicKey> fromPem(std::string_view pem);

    explicit PublicKey(std::shared_ptr<evp_pkey_st> key) : m_key(std::move(key)) {}

    /// Strict: for ECDSA only the one DER form with the lower s is accepted, so that a signature has no second
    /// spelling.
    [[nodiscard]] bool verify(std::string_view bytes, std::string_view signature) const;
    [[nodiscard]] std::string pem() const;
    [[nodiscard]] std::string fingerprint() const; ///< Signer::keyFingerprint()

private:
    std::shared_ptr<evp_pkey_st> m_key;
};

/// Ed25519, or EC on P-256.
[[nodiscard]] bool isEd25519(const evp_pkey_st& key);
[[nodiscard]] bool isP256(const evp_pkey_st& key);

/// A DER ECDSA-P256 signature with s replaced by n − s where that is lower; empty if it is no such signature.
[[nodiscard]] std::string withLowS(std::string_view der);

} // namespace gatehouse::signing
