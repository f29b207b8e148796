#pragma once

#include <string_view>
#include <vector>

namespace gatehouse::authorizer {

/// One path of the OpenAI protocol that the gateway lets through. Everything else is 404 once the caller is known.
struct AllowedEndpoint {
    std::string_view method;
    std::string_view path; ///< compared byte by byte, without the query
};

/// Chat, completions, embeddings, responses, rerank and score: requests whose JSON body names the model, so that they
/// can be authorized. Left out on purpose: what has no model in its body (files, batches, stored responses), multipart
/// bodies (audio, image edits), WebSockets (realtime), and every engine route outside /v1.
/// The gateway's routes and the authorizer's decision are both made from this list.
[[nodiscard]] inline const std::vector<AllowedEndpoint>& inferenceEndpoints() {
    static const std::vector<AllowedEndpoint> all{
        {"POST", "/v1/chat/completions"}, {"POST", "/v1/completions"}, {"POST", "/v1/embeddings"},
        {"POST", "/v1/responses"},        {"POST", "/v1/rerank"},      {"POST", "/v1/score"},
    };
    return all;
}

/// Answered by the authorizer itself: only the caller's models.
inline constexpr AllowedEndpoint ModelList{"GET", "/v1/models"};
/// Answered by Envoy with the version of the routes in force, to the agent's own live check only.
inline constexpr AllowedEndpoint VersionCheck{"GET", "/.gatehouse/version"};

/// Header that carries the authorizer's decision to Envoy's route table; a client's own is removed before.
inline constexpr const char* RouteHeader = "x-gatehouse-model";
/// The client's Content-Length as Envoy saw it; a client's own header of this name is removed before.
inline constexpr const char* LengthHeader = "x-gatehouse-length";
/// "<namespace>/<model>/<client id>" of the caller, for the model list.
inline constexpr const char* CallerHeader = "x-gatehouse-caller";
/// On every answer that the authorizer refused: what the prober tells our denials by.
inline constexpr const char* DenialHeader = "x-gatehouse-denied";
inline constexpr const char* ModelListRoute = "gatehouse:models";
inline constexpr const char* VersionRoute = "gatehouse:version";

} // namespace gatehouse::authorizer
