#include "agent/envoy/ResourceParts.h"

#include "agent/authorizer/Endpoints.h"

#include <arpa/inet.h>

namespace gatehouse::envoy::parts {
namespace {

bool isIpAddress(const std::string& host) {
    unsigned char buffer[sizeof(in6_addr)];
    return ::inet_pton(AF_INET, host.c_str(), buffer) == 1 || ::inet_pton(AF_INET6, host.c_str(), buffer) == 1;
}

json::Object assignment(std::string_view cluster, json::Object address) {
    json::Object endpoint{{"endpoint", json::Object{{"address", std::move(address)}}}};
    json::Array endpoints;
    endpoints.push_back(std::move(endpoint));
    json::Array localities;
    localities.push_back(json::Object{{"lb_endpoints", std::move(endpoints)}});
    return json::Object{{"cluster_name", cluster}, {"endpoints", std::move(localities)}};
}

json::Object bounds(std::uint32_t connections, std::uint32_t waiting, std::uint32_t requests) {
    json::Array thresholds;
    thresholds.push_back(json::Object{{"max_connections", connections},
                                      {"max_pending_requests", waiting},
                                      {"max_requests", requests},
                                      {"max_retries", 0}});
    return json::Object{{"thresholds", std::move(thresholds)}};
}

json::Object upstreamTls(const serving_plan::Upstream& upstream, const EnvoySettings& settings) {
    json::Object common{{"tls_params", json::Object{{"tls_minimum_protocol_version", "TLSv1_2"}}}};
    if (upstream.verifyTls) {
        json::Object san;
        if (isIpAddress(upstream.host)) {
            san = json::Object{{"san_type", "IP_ADDRESS"}, {"matcher", json::Object{{"exact", upstream.host}}}};
        } else {
            san = json::Object{{"san_type", "DNS"}, {"matcher", json::Object{{"exact", upstream.host}}}};
        }
        json::Array sans;
        sans.push_back(std::move(san));
        common["validation_context"] =
            json::Object{{"trusted_ca", json::Object{{"filename", settings.systemCas.string()}}},
                         {"match_typed_subject_alt_names", std::move(sans)}};
    }
    json::Object context{{"common_tls_context", std::move(common)}};
    if (!isIpAddress(upstream.host)) {
        context["sni"] = upstream.host;
    }
    return extension("envoy.transport_sockets.tls",
                     typed("envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext", std::move(context)));
}

/// Filters of the upstream side: the provider's credential is added after the client's was taken out.
json::Array upstreamFilters(const NeededCredential& credential) {
    json::Object generic =
        typed("envoy.extensions.http.injected_credentials.generic.v3.Generic",
              {{"credential", json::Object{{"name", credential.sdsName}, {"sds_config", pathSource(credential.file)}}},
               {"header", "Authorization"}});
    json::Array filters;
    filters.push_back(
        extension("envoy.filters.http.credential_injector",
                  typed("envoy.extensions.filters.http.credential_injector.v3.CredentialInjector",
                        {{"overwrite", true},
                         {"allow_request_without_credential", false},
                         {"credential", extension("envoy.http.injected_credentials.generic", std::move(generic))}})));
    filters.push_back(extension("envoy.filters.http.upstream_codec",
                                typed("envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec")));
    return filters;
}

json::Object protocolOptions(const EnvoyLimits& limits, const NeededCredential* credential) {
    json::Object options =
        typed("envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
              {{"common_http_protocol_options",
                json::Object{{"idle_timeout", seconds(limits.idleTimeout)}, {"max_headers_count", 128}}},
               {"explicit_http_config", json::Object{{"http_protocol_options", json::Object{}}}}});
    if (credential != nullptr) {
        options["http_filters"] = upstreamFilters(*credential);
    }
    return json::Object{{"envoy.extensions.upstreams.http.v3.HttpProtocolOptions", std::move(options)}};
}

json::Object pathMatch(const authorizer::AllowedEndpoint& endpoint, std::string_view routeName) {
    json::Array headers;
    headers.push_back(
        json::Object{{"name", authorizer::RouteHeader}, {"string_match", json::Object{{"exact", routeName}}}});
    headers.push_back(json::Object{{"name", ":method"}, {"string_match", json::Object{{"exact", endpoint.method}}}});
    return json::Object{{"path", endpoint.path}, {"headers", std::move(headers)}};
}

std::string hostHeader(const serving_plan::Upstream& upstream) {
    const bool usual = upstream.port == (upstream.scheme == "https" ? 443 : 80);
    const bool bracket = upstream.host.find(':') != std::string::npos;
    const std::string host = bracket ? "[" + upstream.host + "]" : upstream.host;
    return usual ? host : host + ":" + std::to_string(upstream.port);
}

} // namespace

std::string clusterNameOf(const serving_plan::PlannedModel& model) {
    return "model/" + routeNameOf(model);
}

json::Object authorizerCluster(const EnvoySettings& settings) {
    const EnvoyLimits& limits = settings.limits;
    json::Object options =
        typed("envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
              // Shorter than the authorizer's own: it must never close a connection that Envoy is about to use.
              {{"common_http_protocol_options", json::Object{{"idle_timeout", "30s"}}},
               {"explicit_http_config", json::Object{{"http_protocol_options", json::Object{}}}}});
    json::Object address{{"pipe", json::Object{{"path", settings.paths.authorizerSocket().string()}}}};
    return json::Object{{"name", AuthorizerCluster},
                        {"type", "STATIC"},
                        {"connect_timeout", "2s"},
                        {"per_connection_buffer_limit_bytes", 1U << 20},
                        {"circuit_breakers", bounds(limits.authorizerConnections, 1024, 1024)},
                        {"typed_extension_protocol_options",
                         json::Object{{"envoy.extensions.upstreams.http.v3.HttpProtocolOptions", std::move(options)}}},
                        {"load_assignment", assignment(AuthorizerCluster, std::move(address))}};
}

json::Object modelCluster(const serving_plan::PlannedModel& model, const EnvoySettings& settings,
                          const NeededCredential* credential) {
    const serving_plan::Upstream& upstream = *model.upstream;
    const EnvoyLimits& limits = settings.limits;
    const std::string name = clusterNameOf(model);
    json::Object cluster = typed("envoy.config.cluster.v3.Cluster",
                                 {{"name", name},
                                  {"type", isIpAddress(upstream.host) ? "STATIC" : "STRICT_DNS"},
                                  {"connect_timeout", seconds(limits.connectTimeout)},
                                  {"per_connection_buffer_limit_bytes", 1U << 20},
                                  {"circuit_breakers", bounds(limits.requestsPerUpstream, limits.waitingPerUpstream,
                                                              limits.requestsPerUpstream)},
                                  {"typed_extension_protocol_options", protocolOptions(limits, credential)},
                                  {"load_assignment", assignment(name, socketAddress(upstream.host, upstream.port))}});
    if (!isIpAddress(upstream.host)) {
        cluster["dns_lookup_family"] = "V4_PREFERRED"; // model servers tend to listen on 127.0.0.1 alone
    }
    if (upstream.scheme == "https") {
        cluster["transport_socket"] = upstreamTls(upstream, settings);
    }
    return cluster;
}

json::Array routesOf(const serving_plan::PlannedModel& model) {
    const serving_plan::Upstream& upstream = *model.upstream;
    std::chrono::milliseconds timeout{600'000};
    for (const serving_plan::PlannedRoute& route : model.routes) {
        if (route.listener == serving_plan::ListenerKind::External) {
            timeout = route.timeout;
        }
    }
    json::Array routes;
    for (const authorizer::AllowedEndpoint& endpoint : authorizer::inferenceEndpoints()) {
        json::Object action{{"cluster", clusterNameOf(model)},
                            {"timeout", milliseconds(timeout)},
                            {"idle_timeout", milliseconds(timeout)},
                            {"host_rewrite_literal", hostHeader(upstream)}};
        if (!upstream.pathPrefix.empty()) {
            action["prefix_rewrite"] =
                upstream.pathPrefix + std::string(endpoint.path.substr(std::string_view("/v1").size()));
        }
        routes.push_back(
            json::Object{{"match", pathMatch(endpoint, routeNameOf(model))}, {"route", std::move(action)}});
    }
    return routes;
}

} // namespace gatehouse::envoy::parts
