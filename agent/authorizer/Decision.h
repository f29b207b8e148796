#pragma once

#include "agent/authorizer/ModelDirectory.h"
#include "core/keys/KeyTable.h"
#include "core/secrets/Secret.h"
#include "core/time/Clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::authorizer {

/// The two questions Envoy asks. Authenticate: who is it, may the path be used at all; asked with the header only, so
/// that nobody unknown makes us hold more than DeferredBody of a body. Authorize: the same again, and which model the
/// whole body asks for.
enum class Stage { Authenticate, Authorize };

/// What Envoy tells of a request. Views into the request; nothing is copied.
struct RequestFacts {
    Stage stage = Stage::Authorize;
    std::string_view method;
    std::string_view path;                       ///< normalized by Envoy, without the query
    std::vector<std::string_view> authorization; ///< every field of that name
    std::vector<std::string_view> contentType;
    std::vector<std::string_view> contentEncoding;
    std::string_view body;
    std::optional<std::uint64_t> declaredLength; ///< Content-Length, when the client gave one
};

/// A refusal of a request with a body no longer than this waits for the second stage, when the body has been read: an
/// HTTP/2 client that is refused in the middle of its upload sees a reset stream, and some (curl 7.88) lose the answer.
/// It is also the most that somebody unknown can make the gateway hold for one request.
inline constexpr std::uint64_t DeferredBody = 16U << 10;

struct Decision {
    int status = 401; ///< 200: let it through
    std::string code; ///< OpenAI error code, for example "invalid_api_key"; empty when let through
    std::string message;
    std::string routeName;                  ///< what Envoy routes by; empty in the first stage
    std::string modelId;                    ///< for the access log
    const keys::KeyEntry* caller = nullptr; ///< lives as long as the key table; null when nobody is known

    [[nodiscard]] bool allowed() const { return status == 200; }
};

/// Who may do what. Pure, fails closed.
///
/// The key is taken from one `Authorization: Bearer <key>` and nowhere else: the scheme in any case (RFC 9110), one
/// space, then RFC 6750's characters only. Two fields, a comma-joined value, anything around the key: 401. No key and a
/// wrong key get 401 on every path; what the gateway does not serve gets 404 after that; a model id that is unknown and
/// one that belongs to others get the same 403.
///
/// `agentKey` is known to this process alone; it opens nothing but the gateway's version, for the live check.
[[nodiscard]] Decision decide(const RequestFacts& request, const keys::KeyTable& keys, const ModelDirectory& models,
                              const Secret& agentKey, TimePoint now);

/// {"object": "list", "data": […]}: the models of one caller, as OpenAI lists them.
[[nodiscard]] std::string modelList(const std::vector<std::string>& ids);
/// {"error": {"message", "type", "param", "code"}}
[[nodiscard]] std::string errorBody(const Decision& decision);

} // namespace gatehouse::authorizer
