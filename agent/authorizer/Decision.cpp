#include "agent/authorizer/Decision.h"

#include "agent/authorizer/BodyModel.h"
#include "agent/authorizer/Endpoints.h"
#include "core/http/FieldValue.h"
#include "core/http/Message.h"
#include "core/json/Json.h"

#include <algorithm>

namespace gatehouse::authorizer {
namespace {

constexpr std::size_t MaxKeyLength = 512;

Decision refuse(int status, std::string code, std::string message, const keys::KeyEntry* caller = nullptr) {
    Decision out;
    out.status = status;
    out.code = std::move(code);
    out.message = std::move(message);
    out.caller = caller;
    return out;
}

bool isKeyCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~+/=").find(c) != std::string_view::npos;
}

/// The key of a well-formed Authorization field; empty otherwise.
std::string_view bearerKey(const std::vector<std::string_view>& fields) {
    constexpr std::string_view Scheme = "Bearer ";
    if (fields.size() != 1 || fields.front().size() <= Scheme.size() ||
        fields.front().size() > Scheme.size() + MaxKeyLength ||
        !http::equalsIgnoringCase(fields.front().substr(0, Scheme.size()), Scheme)) {
        return {};
    }
    const std::string_view key = fields.front().substr(Scheme.size());
    return std::all_of(key.begin(), key.end(), isKeyCharacter) ? key : std::string_view();
}

bool isEndpoint(const AllowedEndpoint& endpoint, const RequestFacts& request) {
    return request.method == endpoint.method && request.path == endpoint.path;
}

bool isInference(const RequestFacts& request) {
    const auto& all = inferenceEndpoints();
    return std::any_of(all.begin(), all.end(), [&request](const auto& one) { return isEndpoint(one, request); });
}

/// "application/json", alone or with charset=utf-8.
bool isJson(const std::vector<std::string_view>& fields) {
    if (fields.size() != 1) {
        return false;
    }
    const std::size_t semicolon = fields.front().find(';');
    if (!http::equalsIgnoringCase(http::trimmed(fields.front().substr(0, semicolon)), "application/json")) {
        return false;
    }
    if (semicolon == std::string_view::npos) {
        return true;
    }
    const std::string_view parameter = http::trimmed(fields.front().substr(semicolon + 1));
    return http::equalsIgnoringCase(parameter, "charset=utf-8") ||
           http::equalsIgnoringCase(parameter, "charset=\"utf-8\"");
}

bool isUncompressed(const std::vector<std::string_view>& fields) {
    return fields.empty() || (fields.size() == 1 && http::equalsIgnoringCase(fields.front(), "identity"));
}

Decision decideInference(const RequestFacts& request, const keys::KeyEntry& caller, const ModelDirectory& models) {
    if (!isUncompressed(request.contentEncoding)) {
        return refuse(415, "unsupported_content_encoding",
                      "send the body uncompressed: its model must be readable here", &caller);
    }
    if (!isJson(request.contentType)) {
        return refuse(415, "unsupported_media_type",
                      "send the body as application/json; multipart bodies are not served here", &caller);
    }
    Decision out;
    out.status = 200;
    out.caller = &caller;
    if (request.stage == Stage::Authenticate) {
        return out;
    }
    Result<std::string> model = readModel(request.body);
    if (!model) {
        return refuse(400, "invalid_body", model.error().message, &caller);
    }
    const DirectoryEntry* entry = models.resolve(caller, *model);
    if (entry == nullptr) {
        return refuse(403, "model_not_allowed", "this key does not open that model, or there is no such model",
                      &caller);
    }
    out.routeName = entry->routeName;
    out.modelId = std::move(*model);
    return out;
}

const char* errorType(int status) {
    return status == 401 ? "authentication_error" : status == 403 ? "permission_error" : "invalid_request_error";
}

/// Both stages ask the same; the second one also reads the model.
Decision decideNow(const RequestFacts& request, const keys::KeyTable& keys, const ModelDirectory& models,
                   const Secret& agentKey, TimePoint now) {
    const std::string_view value = bearerKey(request.authorization);
    if (!value.empty() && !agentKey.empty() && agentKey.equals(value)) {
        Decision out;
        out.status = isEndpoint(VersionCheck, request) ? 200 : 401;
        out.routeName = out.allowed() ? VersionRoute : "";
        return out.allowed() ? out : refuse(401, "invalid_api_key", "a valid API key is needed");
    }
    const keys::KeyEntry* caller = value.empty() ? nullptr : keys.find(value, now);
    if (caller == nullptr) {
        return refuse(401, "invalid_api_key",
                      "a valid API key is needed: send it once, as the header `Authorization: Bearer <key>`");
    }
    if (isEndpoint(ModelList, request)) {
        if (!request.body.empty()) {
            return refuse(400, "invalid_body", "this request takes no body", caller);
        }
        Decision out;
        out.status = 200;
        out.caller = caller;
        out.routeName = request.stage == Stage::Authorize ? ModelListRoute : "";
        return out;
    }
    if (!isInference(request)) {
        return refuse(404, "not_found", "this gateway has no such route", caller);
    }
    return decideInference(request, *caller, models);
}

} // namespace

Decision decide(const RequestFacts& request, const keys::KeyTable& keys, const ModelDirectory& models,
                const Secret& agentKey, TimePoint now) {
    Decision decision = decideNow(request, keys, models, agentKey, now);
    const std::uint64_t length = request.declaredLength.value_or(0);
    if (request.stage == Stage::Authenticate && !decision.allowed() && length > 0 && length <= DeferredBody) {
        Decision deferred;
        deferred.status = 200;
        return deferred;
    }
    return decision;
}

std::string modelList(const std::vector<std::string>& ids) {
    json::Array data;
    for (const std::string& id : ids) {
        data.push_back(json::Object{{"id", id}, {"object", "model"}, {"created", 0}, {"owned_by", "gatehouse"}});
    }
    return json::compact(json::Object{{"object", "list"}, {"data", std::move(data)}});
}

std::string errorBody(const Decision& decision) {
    return json::compact(json::Object{{"error", json::Object{{"message", decision.message},
                                                             {"type", errorType(decision.status)},
                                                             {"param", nullptr},
                                                             {"code", decision.code}}}});
}

} // namespace gatehouse::authorizer
