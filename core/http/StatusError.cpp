#include "core/http/StatusError.h"

#include <utility>

namespace gatehouse::http {
namespace {

ErrorKind kindOfStatus(std::string_view reason, int code) {
    static constexpr std::pair<std::string_view, ErrorKind> reasons[] = {
        {"NotFound", ErrorKind::NotFound},
        {"AlreadyExists", ErrorKind::AlreadyExists},
        {"Conflict", ErrorKind::Conflict},
        {"Expired", ErrorKind::TooOld},
        {"Gone", ErrorKind::TooOld},
        {"Invalid", ErrorKind::Invalid},
        {"BadRequest", ErrorKind::BadRequest},
        {"Unauthorized", ErrorKind::Unauthenticated},
        {"Forbidden", ErrorKind::Forbidden},
        {"RequestEntityTooLarge", ErrorKind::TooLarge},
        {"TooManyRequests", ErrorKind::RateLimited},
        {"Timeout", ErrorKind::Timeout},
        {"ServiceUnavailable", ErrorKind::Unreachable},
        {"MethodNotAllowed", ErrorKind::Unsupported},
    };
    for (const auto& [word, kind] : reasons) {
        if (word == reason) {
            return kind;
        }
    }
    switch (code) {
    case 400:
        return ErrorKind::BadRequest;
    case 401:
        return ErrorKind::Unauthenticated;
    case 403:
        return ErrorKind::Forbidden;
    case 404:
        return ErrorKind::NotFound;
    case 409:
        return ErrorKind::Conflict;
    case 410:
        return ErrorKind::TooOld;
    case 413:
        return ErrorKind::TooLarge;
    case 422:
        return ErrorKind::Invalid;
    case 429:
        return ErrorKind::RateLimited;
    case 502:
    case 503:
        return ErrorKind::Unreachable;
    case 504:
        return ErrorKind::Timeout;
    case 507:
        return ErrorKind::Storage;
    default:
        return ErrorKind::Internal;
    }
}

} // namespace

Error errorFromStatus(int httpStatus, std::string_view body, const std::string& what) {
    const auto parsed = json::parse(body);
    if (parsed && json::text(*parsed, "kind") == "Status") {
        return errorOfStatus(httpStatus, *parsed, what);
    }
    Error error = makeError(kindOfStatus({}, httpStatus), what + ": the server answered " + std::to_string(httpStatus));
    error.httpStatus = httpStatus;
    return error;
}

Error errorOfStatus(int httpStatus, const json::Value& status, const std::string& what) {
    Error error =
        makeError(kindOfStatus(json::text(status, "reason"), httpStatus), json::text(status, "message", what));
    error.httpStatus = httpStatus;
    const json::Value* causes = json::at(status, "details.causes");
    if (causes != nullptr && causes->is_array() && !causes->get_array().empty()) {
        error.field = json::text(causes->get_array().front(), "field");
    }
    error.hint = json::text(status, "details.hint");
    return error;
}

} // namespace gatehouse::http
