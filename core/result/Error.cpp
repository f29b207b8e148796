#include "core/result/Error.h"

#include <utility>

namespace gatehouse {

std::string Error::describe() const {
    std::string text = message;
    if (!field.empty() && text.find(field) == std::string::npos) {
        text = field + ": " + text;
    }
    for (const Error* inner = cause.get(); inner != nullptr; inner = inner->cause.get()) {
        text += ": " + inner->message;
    }
    const Error* hinted = this;
    while (hinted != nullptr && hinted->hint.empty()) {
        hinted = hinted->cause.get();
    }
    if (hinted != nullptr) {
        text += "; " + hinted->hint;
    }
    return text;
}

Error makeError(ErrorKind kind, std::string message, std::string hint) {
    return Error{.kind = kind, .message = std::move(message), .hint = std::move(hint)};
}

Error because(std::string message, Error cause) {
    Error outer{.kind = cause.kind, .message = std::move(message)};
    outer.field = cause.field;
    outer.httpStatus = cause.httpStatus;
    outer.cause = std::make_shared<const Error>(std::move(cause));
    return outer;
}

const char* statusReason(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::NotFound:
        return "NotFound";
    case ErrorKind::AlreadyExists:
        return "AlreadyExists";
    case ErrorKind::Conflict:
        return "Conflict";
    case ErrorKind::TooOld:
        return "Expired";
    case ErrorKind::Invalid:
        return "Invalid";
    case ErrorKind::BadRequest:
        return "BadRequest";
    case ErrorKind::Unauthenticated:
        return "Unauthorized";
    case ErrorKind::Forbidden:
        return "Forbidden";
    case ErrorKind::TooLarge:
        return "RequestEntityTooLarge";
    case ErrorKind::RateLimited:
        return "TooManyRequests";
    case ErrorKind::Timeout:
        return "Timeout";
    case ErrorKind::Unreachable:
        return "ServiceUnavailable";
    case ErrorKind::Unsupported:
        return "MethodNotAllowed";
    case ErrorKind::TlsRejected:
    case ErrorKind::Cancelled:
    case ErrorKind::Integrity:
    case ErrorKind::Storage:
    case ErrorKind::Internal:
        return "InternalError";
    }
    return "InternalError";
}

int httpStatusOf(const Error& error) {
    if (error.httpStatus) {
        return *error.httpStatus;
    }
    switch (error.kind) {
    case ErrorKind::NotFound:
        return 404;
    case ErrorKind::AlreadyExists:
    case ErrorKind::Conflict:
        return 409;
    case ErrorKind::TooOld:
        return 410;
    case ErrorKind::Invalid:
        return 422;
    case ErrorKind::BadRequest:
        return 400;
    case ErrorKind::Unauthenticated:
        return 401;
    case ErrorKind::Forbidden:
        return 403;
    case ErrorKind::TooLarge:
        return 413;
    case ErrorKind::RateLimited:
        return 429;
    case ErrorKind::Unreachable:
        return 503;
    case ErrorKind::Timeout:
        return 504;
    case ErrorKind::Unsupported:
        return 405;
    case ErrorKind::Storage:
        return 507;
    default:
        return 500;
    }
}

bool isRetryable(const Error& error) {
    switch (error.kind) {
    case ErrorKind::Conflict:
    case ErrorKind::RateLimited:
    case ErrorKind::Unreachable:
    case ErrorKind::Timeout:
        return true;
    default:
        return false;
    }
}

} // namespace gatehouse
