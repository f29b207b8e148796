#include "agent/admin_api/Answers.h"

namespace gatehouse::admin_api {

json::Object statusOf(const Error& error, const ObjectKey* about) {
    json::Object details;
    if (about != nullptr) {
        details = {{"name", about->name}, {"group", about->type.group}, {"kind", about->type.plural}};
    }
    if (!error.field.empty()) {
        details["causes"] = json::Array{
            json::Object{{"reason", "FieldValueInvalid"}, {"message", error.message}, {"field", error.field}}};
    }
    const int code = httpStatusOf(error);
    const char* reason = code == 415   ? "UnsupportedMediaType"
                         : code == 406 ? "NotAcceptable"
                                       : statusReason(error.kind);
    return {{"kind", "Status"},
            {"apiVersion", "v1"},
            {"metadata", json::Object{}},
            {"status", "Failure"},
            {"message", error.describe()},
            {"reason", reason},
            {"details", std::move(details)},
            {"code", code}};
}

json::Object successStatus(const ObjectKey& about, const std::string& uid) {
    return {
        {"kind", "Status"},
        {"apiVersion", "v1"},
        {"metadata", json::Object{}},
        {"status", "Success"},
        {"details",
         json::Object{{"name", about.name}, {"group", about.type.group}, {"kind", about.type.plural}, {"uid", uid}}}};
}

http_server::Response jsonAnswer(const json::Value& value, int status) {
    return textAnswer(json::compact(value) + "\n", status, "application/json");
}

http_server::Response textAnswer(std::string text, int status, std::string contentType) {
    http_server::Response response;
    response.status = status;
    response.headers.set("Content-Type", std::move(contentType));
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.body = std::move(text);
    return response;
}

http_server::Response errorAnswer(const Error& error, const ObjectKey* about) {
    auto response = jsonAnswer(statusOf(error, about), httpStatusOf(error));
    if (response.status == 401) {
        response.headers.set("WWW-Authenticate", "Bearer realm=\"gatehouse\"");
    }
    return response;
}

Error withStatus(int status, ErrorKind kind, std::string message, std::string hint) {
    Error error = makeError(kind, std::move(message), std::move(hint));
    error.httpStatus = status;
    return error;
}

} // namespace gatehouse::admin_api
