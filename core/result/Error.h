#pragma once

#include <memory>
#include <optional>
#include <string>

namespace gatehouse {

/// What kind of failure happened; decides retry, HTTP status and exit code.
enum class ErrorKind {
    NotFound,        ///< the thing asked for does not exist
    AlreadyExists,   ///< create of something that exists
    Conflict,        ///< resourceVersion or field ownership does not match
    TooOld,          ///< the watched resourceVersion was compacted away (HTTP 410)
    Invalid,         ///< the object or the input breaks a rule (HTTP 422)
    BadRequest,      ///< not even readable: syntax, unknown field, wrong type (HTTP 400)
    Unauthenticated, ///< nobody known is asking (HTTP 401)
    Forbidden,       ///< known, but may not (HTTP 403)
    TooLarge,        ///< a size, depth or count limit was exceeded (HTTP 413)
    RateLimited,     ///< asked to come back later (HTTP 429)
    Unreachable,     ///< no connection, reset, name not resolved
    Timeout,         ///< a deadline passed
    TlsRejected,     ///< certificate or protocol refused
    Unsupported,     ///< understood, but this build or peer cannot do it
    Cancelled,       ///< a stop was asked for
    Integrity,       ///< bytes are not what was signed
    Storage,         ///< disk full, unreadable, wrong mode
    Internal,        ///< a bug of ours
};

/// A failure a person can act on.
///
/// `message` is one sentence: what, where. `hint` is the mend, empty if there is none to give. Neither ever holds
/// a secret. `field` is the JSON path of the offending value ("spec.model.name") where one is known.
struct Error {
    ErrorKind kind = ErrorKind::Internal;
    std::string message;
    std::string hint = {};
    std::string field = {};
    std::optional<int> httpStatus = {};
    std::shared_ptr<const Error> cause = {};

    /// "message: cause; hint" on one line.
    [[nodiscard]] std::string describe() const;
};

[[nodiscard]] Error makeError(ErrorKind kind, std::string message, std::string hint = {});
/// Wraps: the new sentence first, the old error as its cause, the kind kept.
[[nodiscard]] Error because(std::string message, Error cause);

/// Kubernetes' name for the kind ("NotFound", "Conflict", "Expired", …), as in Status.reason.
[[nodiscard]] const char* statusReason(ErrorKind kind);
[[nodiscard]] int httpStatusOf(const Error& error);
[[nodiscard]] bool isRetryable(const Error& error);

} // namespace gatehouse
