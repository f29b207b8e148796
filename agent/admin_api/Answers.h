#pragma once

#include "agent/http_server/HttpServer.h"
#include "core/json/Json.h"
#include "core/object_store/Object.h"
#include "core/result/Result.h"

#include <string>

namespace gatehouse::admin_api {

/// A `Status` object for the error, with its field as a cause.
[[nodiscard]] json::Object statusOf(const Error& error, const ObjectKey* about = nullptr);
[[nodiscard]] json::Object successStatus(const ObjectKey& about, const std::string& uid);

[[nodiscard]] http_server::Response jsonAnswer(const json::Value& value, int status = 200);
[[nodiscard]] http_server::Response textAnswer(std::string text, int status = 200,
                                               std::string contentType = "text/plain; charset=utf-8");
[[nodiscard]] http_server::Response errorAnswer(const Error& error, const ObjectKey* about = nullptr);

/// An Error that must carry a certain HTTP status (406, 415 …).
[[nodiscard]] Error withStatus(int status, ErrorKind kind, std::string message, std::string hint = {});

} // namespace gatehouse::admin_api
