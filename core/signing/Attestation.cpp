#include "core/signing/Attestation.h"

#include "core/crypto/Crypto.h"
#include "core/signing/PackRules.h"

namespace gatehouse::signing {
namespace {

constexpr std::string_view MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";
constexpr json::Limits AttestationLimits{8U << 20, 16};

tl::unexpected<Error> bad(const std::string& why) {
    return failure(ErrorKind::Integrity, std::string(AttestationName) + ": " + why);
}

} // namespace

std::string preAuthentication(std::string_view payload) {
    return "DSSEv1 " + std::to_string(PayloadType.size()) + " " + std::string(PayloadType) + " " +
           std::to_string(payload.size()) + " " + std::string(payload);
}

std::string statementText(std::string_view manifestSha256, const json::Object& predicate) {
    const json::Object statement{
        {"_type", StatementType},
        {"subject", json::Array{json::Object{{"name", ManifestName}, {"digest", {{"sha256", manifestSha256}}}}}},
        {"predicateType", PredicateType},
        {"predicate", predicate}};
    return json::canonical(statement);
}

std::string bundleText(std::string_view payload, std::string_view signature) {
    const json::Object envelope{{"payload", crypto::base64(payload)},
                                {"payloadType", PayloadType},
                                {"signatures", json::Array{json::Object{{"sig", crypto::base64(signature)}}}}};
    const json::Object bundle{{"mediaType", MediaType},
                              {"verificationMaterial", {{"publicKey", {{"hint", ""}}}}},
                              {"dsseEnvelope", envelope}};
    return json::canonical(bundle);
}

Result<Envelope> readBundle(std::string_view text) {
    const Result<json::Value> value = json::parse(text, AttestationLimits);
    if (!value) {
        return bad(value.error().message);
    }
    const json::Value* signatures = json::at(*value, "dsseEnvelope.signatures");
    if (signatures == nullptr || !signatures->is_array() || signatures->get_array().size() != 1) {
        return bad("it must hold exactly one signature");
    }
    if (json::text(*value, "mediaType") != MediaType) {
        return bad("its media type is not that of a Sigstore bundle v0.3");
    }
    if (json::text(*value, "dsseEnvelope.payloadType") != PayloadType) {
        return bad("its payload type is not that of an in-toto statement");
    }
    const Result<std::string> payload = crypto::fromBase64(json::text(*value, "dsseEnvelope.payload"));
    const Result<std::string> signature = crypto::fromBase64(json::text(signatures->get_array()[0], "sig"));
    if (!payload || !signature || bundleText(*payload, *signature) != text) {
        return bad("it is not in its one canonical form");
    }
    return Envelope{*payload, *signature};
}

Result<Statement> readStatement(std::string_view payload) {
    const Result<json::Value> value = json::parse(payload, AttestationLimits);
    if (!value) {
        return bad("the statement is unreadable: " + value.error().message);
    }
    if (json::text(*value, "_type") != StatementType) {
        return bad("the statement is no in-toto statement v1");
    }
    if (json::text(*value, "predicateType") != PredicateType) {
        return bad("the statement is about something else than a test result v0.1");
    }
    const json::Value* subjects = json::find(*value, "subject");
    if (subjects == nullptr || !subjects->is_array() || subjects->get_array().size() != 1) {
        return bad("the statement must have exactly one subject");
    }
    const json::Value& subject = subjects->get_array()[0];
    if (json::text(subject, "name") != ManifestName) {
        return bad("the statement's subject is not " + std::string(ManifestName));
    }
    Statement statement{json::text(subject, "digest.sha256"), json::text(*value, "predicate.result")};
    if (!crypto::sha256FromHex(statement.manifestSha256)) {
        return bad("the statement's subject has no SHA-256");
    }
    if (statement.result != "PASSED" && statement.result != "WARNED" && statement.result != "FAILED") {
        return bad("the statement's result is none of PASSED, WARNED, FAILED");
    }
    if (statementText(statement.manifestSha256, json::find(*value, "predicate")->get_object()) != payload) {
        return bad("the statement is not in its one canonical form");
    }
    return statement;
}

} // namespace gatehouse::signing
