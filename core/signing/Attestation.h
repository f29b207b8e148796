#pragma once

#include "core/json/Json.h"
#include "core/result/Result.h"

#include <string>
#include <string_view>

/// The signature file: a Sigstore bundle v0.3 around a DSSE envelope around an in-toto Statement v1, in one canonical
/// form (sorted members, no spaces, no trailing newline), because cosign itself accepts more than should be trusted.
namespace gatehouse::signing {

inline constexpr std::string_view PayloadType = "application/vnd.in-toto+json";
inline constexpr std::string_view StatementType = "https://in-toto.io/Statement/v1";
inline constexpr std::string_view PredicateType = "https://in-toto.io/attestation/test-result/v0.1";

/// DSSE pre-authentication encoding: the bytes that are signed.
[[nodiscard]] std::string preAuthentication(std::string_view payload);
[[nodiscard]] std::string statementText(std::string_view manifestSha256, const json::Object& predicate);
[[nodiscard]] std::string bundleText(std::string_view payload, std::string_view signature);

struct Envelope {
    std::string payload;
    std::string signature;
};

/// Integrity unless `text` is exactly what bundleText() writes; the message says what is wrong with it.
[[nodiscard]] Result<Envelope> readBundle(std::string_view text);

struct Statement {
    std::string manifestSha256;
    std::string result; ///< "PASSED", "WARNED" or "FAILED"
};

/// Integrity unless `payload` is exactly what statementText() writes.
[[nodiscard]] Result<Statement> readStatement(std::string_view payload);

} // namespace gatehouse::signing
