#include "agent/authorizer/Endpoints.h"
#include "agent/envoy/ResourceParts.h"

namespace gatehouse::envoy::parts {
namespace {

json::Object exact(std::string_view text) {
    return json::Object{{"exact", text}};
}

json::Object patterns(std::initializer_list<const char*> names) {
    json::Array list;
    for (const char* name : names) {
        list.push_back(exact(name));
    }
    return json::Object{{"patterns", std::move(list)}};
}

json::Object httpService(std::string_view stage, std::chrono::seconds timeout, json::Object answer) {
    return json::Object{
        {"server_uri",
         json::Object{{"uri", "http://gatehouse"}, {"cluster", AuthorizerCluster}, {"timeout", seconds(timeout)}}},
        {"path_prefix", "/" + std::string(stage)},
        {"authorization_response", std::move(answer)}};
}

json::Object extAuthz(std::string_view statPrefix, json::Object service) {
    return typed("envoy.extensions.filters.http.ext_authz.v3.ExtAuthz",
                 {{"transport_api_version", "V3"},
                  {"stat_prefix", statPrefix},
                  {"failure_mode_allow", false},
                  {"clear_route_cache", true},
                  {"status_on_error", json::Object{{"code", "Forbidden"}}},
                  {"http_service", std::move(service)},
                  {"allowed_headers", patterns({"authorization", "content-type", "content-encoding",
                                                "transfer-encoding", "x-request-id", authorizer::LengthHeader})}});
}

/// First stage: the header only, so that nobody unknown makes us hold a large body.
json::Object authenticate(const EnvoyLimits& limits) {
    json::Object answer{
        {"allowed_upstream_headers", patterns({authorizer::CallerHeader})},
        {"allowed_client_headers", patterns({"content-type", "www-authenticate", authorizer::DenialHeader})},
        {"dynamic_metadata_from_headers", patterns({"tenant", "client"})}};
    return extAuthz("authenticate", httpService("authenticate", limits.authenticateTimeout, std::move(answer)));
}

/// Second stage: the whole body, never a part of it.
json::Object authorize(const EnvoyLimits& limits) {
    json::Object answer{
        {"allowed_upstream_headers", patterns({authorizer::RouteHeader, authorizer::CallerHeader})},
        {"allowed_client_headers", patterns({"content-type", "www-authenticate", authorizer::DenialHeader})},
        {"dynamic_metadata_from_headers", patterns({"model"})}};
    json::Object filter = extAuthz("authorize", httpService("authorize", limits.authorizeTimeout, std::move(answer)));
    filter["with_request_body"] =
        json::Object{{"max_request_bytes", limits.bodyBytes}, {"allow_partial_message", false}};
    return filter;
}

/// Keys get typed into queries. They open nothing there, and no upstream's log shall show them.
json::Object cleanQuery() {
    json::Array removals;
    for (const char* name : {"api_key", "api-key", "apikey", "apiKey", "x-api-key", "key", "token", "access_token",
                             "auth", "authorization", "Authorization"}) {
        removals.push_back(json::Object{{"remove", name}});
    }
    return typed("envoy.extensions.filters.http.header_mutation.v3.HeaderMutation",
                 {{"mutations", json::Object{{"query_parameter_mutations", std::move(removals)}}}});
}

} // namespace

json::Array clientHeaderRemovals() {
    json::Array mutations;
    for (const char* prefix :
         {"x-gatehouse", "x-auth", "x-forwarded-", "x-envoy-", "x-maas-", "x-ai-eg-", "x-original-", "x-rewrite-"}) {
        mutations.push_back(
            json::Object{{"remove_on_match", json::Object{{"key_matcher", json::Object{{"prefix", prefix}}}}}});
    }
    for (const char* name : {"x-llm-client-id",
                             "x-client-id",
                             "x-user",
                             "x-user-id",
                             "x-username",
                             "x-remote-user",
                             "remote-user",
                             "x-groups",
                             "x-tenant",
                             "x-tenant-id",
                             "x-label-selector",
                             "x-real-ip",
                             "x-client-ip",
                             "forwarded",
                             "x-http-method-override",
                             "x-http-method",
                             "x-method-override",
                             "x-host",
                             "tenant",
                             "client",
                             "model",
                             "proxy-authorization",
                             "proxy-connection",
                             "early-data"}) {
        mutations.push_back(json::Object{{"remove", name}});
    }
    // After every removal, so that the authorizer is told what the client really declared.
    mutations.push_back(json::Object{
        {"append",
         json::Object{{"header", json::Object{{"key", authorizer::LengthHeader}, {"value", "%REQ(content-length)%"}}},
                      {"append_action", "OVERWRITE_IF_EXISTS_OR_ADD"}}}});
    return mutations;
}

json::Array upstreamHeaderRemovals() {
    // accept-encoding: a compressed answer would hide its token counts from the access log.
    json::Array names;
    for (const char* name :
         {authorizer::RouteHeader, authorizer::CallerHeader, authorizer::LengthHeader, "authorization", "x-api-key",
          "api-key", "apikey", "x-goog-api-key", "cookie", "accept-encoding", "x-forwarded-for", "x-forwarded-proto",
          "x-forwarded-host", "x-forwarded-port", "x-envoy-external-address", "x-envoy-expected-rq-timeout-ms"}) {
        names.push_back(json::Value(name));
    }
    return names;
}

json::Array httpFilters(const EnvoySettings& settings) {
    json::Array filters;
    filters.push_back(extension(AuthenticateFilter, authenticate(settings.limits)));
    filters.push_back(extension(AuthorizeFilter, authorize(settings.limits)));
    filters.push_back(extension("envoy.filters.http.header_mutation", cleanQuery()));
    for (json::Value& filter : tokenCountingFilters()) {
        filters.push_back(std::move(filter));
    }
    filters.push_back(extension("envoy.filters.http.router", typed("envoy.extensions.filters.http.router.v3.Router",
                                                                   {{"suppress_envoy_headers", true}})));
    return filters;
}

} // namespace gatehouse::envoy::parts
