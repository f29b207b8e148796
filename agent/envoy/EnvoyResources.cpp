#include "agent/envoy/EnvoyResources.h"

#include "agent/authorizer/Endpoints.h"
#include "agent/envoy/ResourceParts.h"
#include "core/crypto/Crypto.h"
#include "core/tls/TlsPolicy.h"

#include <algorithm>

namespace gatehouse::envoy {
namespace {

using parts::extension;
using parts::pathSource;
using parts::seconds;
using parts::typed;

constexpr const char* CertificateName = "gateway-certificate";

std::string versionOf(const json::Value& content) {
    return crypto::sha256Hex(json::canonical(content)).substr(0, 16);
}

json::Object discovery(const std::string& version, json::Array resources) {
    return json::Object{{"version_info", version}, {"resources", std::move(resources)}};
}

bool hasRoute(const serving_plan::PlannedModel& model) {
    return model.upstream && std::any_of(model.routes.begin(), model.routes.end(), [](const auto& route) {
               return route.listener == serving_plan::ListenerKind::External;
           });
}

NeededCredential credentialOf(const serving_plan::PlannedModel& model, const EnvoyPaths& paths) {
    const std::string id = versionOf(json::Value(model.nameSpace + "/" + model.upstream->credentialSecret));
    return {model.nameSpace, model.upstream->credentialSecret, "credential-" + id,
            paths.credentialFolder() / ("credential-" + id + ".json")};
}

json::Object ownRoute(const authorizer::AllowedEndpoint& endpoint, const char* routeName, const char* action,
                      json::Object content) {
    json::Array headers;
    headers.push_back(
        json::Object{{"name", authorizer::RouteHeader}, {"string_match", json::Object{{"exact", routeName}}}});
    headers.push_back(json::Object{{"name", ":method"}, {"string_match", json::Object{{"exact", endpoint.method}}}});
    return json::Object{{"match", json::Object{{"path", endpoint.path}, {"headers", std::move(headers)}}},
                        {action, std::move(content)}};
}

json::Object directAnswer(int status, const std::string& body) {
    return json::Object{{"status", status}, {"body", json::Object{{"inline_string", body}}}};
}

json::Object routeTable(json::Array routes, const std::string& version) {
    routes.push_back(
        ownRoute(authorizer::ModelList, authorizer::ModelListRoute, "route",
                 {{"cluster", parts::AuthorizerCluster}, {"timeout", "5s"}, {"prefix_rewrite", "/models"}}));
    // The caller header is taken out for model servers only: the model list needs it.
    json::Value& list = routes.back();
    list.as_object()["request_headers_to_remove"] = json::Array{"authorization", "cookie"};
    routes.push_back(
        ownRoute(authorizer::VersionCheck, authorizer::VersionRoute, "direct_response", directAnswer(200, version)));
    json::Object rest{{"match", json::Object{{"prefix", "/"}}},
                      {"direct_response", directAnswer(404, parts::errorBody("this gateway has no such route",
                                                                             "invalid_request_error", "not_found"))}};
    json::Array contentType;
    contentType.push_back(json::Object{{"header", json::Object{{"key", "content-type"}, {"value", "application/json"}}},
                                       {"append_action", "OVERWRITE_IF_EXISTS_OR_ADD"}});
    rest["response_headers_to_add"] = std::move(contentType);
    routes.push_back(std::move(rest));
    json::Array removed{authorizer::DenialHeader};
    json::Array hosts;
    hosts.push_back(json::Object{{"name", "any"},
                                 {"domains", json::Array{"*"}},
                                 {"response_headers_to_remove", std::move(removed)},
                                 {"routes", std::move(routes)}});
    return typed("envoy.config.route.v3.RouteConfiguration",
                 {{"name", parts::RouteTable}, {"virtual_hosts", std::move(hosts)}});
}

json::Object connectionManager(const EnvoySettings& settings) {
    const EnvoyLimits& limits = settings.limits;
    json::Array logs;
    logs.push_back(parts::accessLog(settings));
    json::Object removal = typed("envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
                                 {{"mutations", parts::clientHeaderRemovals()}});
    json::Array early;
    early.push_back(extension("envoy.http.early_header_mutation.header_mutation", std::move(removal)));
    return typed("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                 {{"stat_prefix", "gateway"},
                  {"codec_type", "AUTO"},
                  {"use_remote_address", true},
                  {"skip_xff_append", true},
                  {"normalize_path", true},
                  {"merge_slashes", false},
                  {"path_with_escaped_slashes_action", "REJECT_REQUEST"},
                  {"stream_error_on_invalid_http_message", false},
                  {"preserve_external_request_id", true},
                  {"always_set_request_id_in_response", true},
                  {"max_request_headers_kb", limits.headerKiB},
                  {"request_headers_timeout", seconds(limits.headerTimeout)},
                  {"request_timeout", seconds(limits.uploadTimeout)},
                  {"stream_idle_timeout", seconds(limits.streamIdleTimeout)},
                  {"delayed_close_timeout", "1s"},
                  {"common_http_protocol_options", json::Object{{"idle_timeout", seconds(limits.idleTimeout)},
                                                                {"max_headers_count", limits.headerCount},
                                                                {"headers_with_underscores_action", "REJECT_REQUEST"}}},
                  {"http_protocol_options", json::Object{{"accept_http_10", false}, {"allow_chunked_length", false}}},
                  {"http2_protocol_options", json::Object{{"max_concurrent_streams", limits.http2Streams},
                                                          {"initial_stream_window_size", 1U << 20},
                                                          {"initial_connection_window_size", 4U << 20},
                                                          {"allow_connect", false}}},
                  {"early_header_mutation_extensions", std::move(early)},
                  {"rds", json::Object{{"route_config_name", parts::RouteTable},
                                       {"config_source", pathSource(settings.paths.routes())}}},
                  {"access_log", std::move(logs)},
                  {"http_filters", parts::httpFilters(settings)}});
}

json::Object downstreamTls(const EnvoySettings& settings) {
    json::Array suites;
    for (std::string_view rest = tls::cipherList(); !rest.empty();) {
        const std::size_t colon = rest.find(':');
        suites.push_back(json::Value(rest.substr(0, colon)));
        rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
    }
    json::Array certificates;
    certificates.push_back(
        json::Object{{"name", CertificateName}, {"sds_config", pathSource(settings.paths.certificateSecret())}});
    json::Object common{{"alpn_protocols", json::Array{"h2", "http/1.1"}},
                        {"tls_params", json::Object{{"tls_minimum_protocol_version", "TLSv1_2"},
                                                    {"tls_maximum_protocol_version", "TLSv1_3"},
                                                    {"cipher_suites", std::move(suites)}}},
                        {"tls_certificate_sds_secret_configs", std::move(certificates)}};
    return extension("envoy.transport_sockets.tls",
                     typed("envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
                           {{"common_tls_context", std::move(common)}}));
}

json::Object listener(const EnvoySettings& settings) {
    json::Array filters;
    filters.push_back(extension("envoy.filters.network.http_connection_manager", connectionManager(settings)));
    json::Array chains;
    chains.push_back(json::Object{{"transport_socket", downstreamTls(settings)},
                                  {"transport_socket_connect_timeout", seconds(settings.limits.handshakeTimeout)},
                                  {"filters", std::move(filters)}});
    return typed("envoy.config.listener.v3.Listener",
                 {{"name", "gateway"},
                  {"address", parts::socketAddress(settings.address, settings.port)},
                  {"per_connection_buffer_limit_bytes", settings.limits.bodyBytes},
                  {"filter_chains", std::move(chains)}});
}

json::Object overloadManager(const EnvoyLimits& limits) {
    json::Array monitors;
    monitors.push_back(extension("envoy.resource_monitors.fixed_heap",
                                 typed("envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig",
                                       {{"max_heap_size_bytes", limits.heapBytes}})));
    monitors.push_back(
        extension("envoy.resource_monitors.global_downstream_max_connections",
                  typed("envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
                        {{"max_active_downstream_connections", limits.connections}})));
    const auto action = [](const char* name, double threshold) {
        json::Array triggers;
        triggers.push_back(json::Object{{"name", "envoy.resource_monitors.fixed_heap"},
                                        {"threshold", json::Object{{"value", threshold}}}});
        return json::Object{{"name", name}, {"triggers", std::move(triggers)}};
    };
    json::Array actions;
    actions.push_back(action("envoy.overload_actions.shrink_heap", 0.85));
    actions.push_back(action("envoy.overload_actions.stop_accepting_requests", 0.95));
    return json::Object{
        {"refresh_interval", "0.25s"}, {"resource_monitors", std::move(monitors)}, {"actions", std::move(actions)}};
}

json::Object bootstrapOf(const EnvoySettings& settings) {
    json::Array clusters;
    clusters.push_back(parts::authorizerCluster(settings));
    json::Object adminAddress{{"pipe", json::Object{{"path", settings.paths.adminSocket().string()}, {"mode", 384}}}};
    return json::Object{{"node", json::Object{{"id", "gatehouse"}, {"cluster", "gatehouse"}}},
                        {"admin", json::Object{{"address", std::move(adminAddress)}}},
                        {"dynamic_resources", json::Object{{"lds_config", pathSource(settings.paths.listeners())},
                                                           {"cds_config", pathSource(settings.paths.clusters())}}},
                        {"static_resources", json::Object{{"clusters", std::move(clusters)}}},
                        {"overload_manager", overloadManager(settings.limits)}};
}

json::Object certificateSecretOf(const EnvoySettings& settings) {
    json::Object certificate{
        {"certificate_chain", json::Object{{"filename", settings.certificate.string()}}},
        {"private_key", json::Object{{"filename", settings.privateKey.string()}}},
        {"watched_directory", json::Object{{"path", settings.certificate.parent_path().string()}}}};
    json::Array resources;
    resources.push_back(typed("envoy.extensions.transport_sockets.tls.v3.Secret",
                              {{"name", CertificateName}, {"tls_certificate", std::move(certificate)}}));
    return json::Object{{"resources", std::move(resources)}};
}

} // namespace

std::string routeNameOf(const serving_plan::PlannedModel& model) {
    return model.nameSpace + "/" + model.name;
}

EnvoyResources translate(const serving_plan::ServingPlan& plan, const EnvoySettings& settings) {
    EnvoyResources out;
    json::Array clusters;
    json::Array routes;
    for (const serving_plan::PlannedModel& model : plan.models) {
        if (!hasRoute(model)) {
            continue;
        }
        const NeededCredential* credential = nullptr;
        NeededCredential needed;
        if (!model.upstream->credentialSecret.empty()) {
            needed = credentialOf(model, settings.paths);
            credential = &needed;
            if (std::find(out.credentials.begin(), out.credentials.end(), needed) == out.credentials.end()) {
                out.credentials.push_back(needed);
            }
        }
        clusters.push_back(parts::modelCluster(model, settings, credential));
        for (json::Value& route : parts::routesOf(model)) {
            route.as_object()["request_headers_to_remove"] = parts::upstreamHeaderRemovals();
            routes.push_back(std::move(route));
        }
    }
    json::Array listeners;
    listeners.push_back(listener(settings));
    out.listenersVersion = versionOf(listeners);
    out.clustersVersion = versionOf(clusters);
    json::Object both{{"clusters", clusters}, {"routes", routes}};
    out.version = versionOf(both);
    json::Array table;
    table.push_back(routeTable(std::move(routes), out.version));
    out.listeners = discovery(out.listenersVersion, std::move(listeners));
    out.clusters = discovery(out.clustersVersion, std::move(clusters));
    out.routes = discovery(out.version, std::move(table));
    out.bootstrap = bootstrapOf(settings);
    out.certificateSecret = certificateSecretOf(settings);
    return out;
}

Secret credentialDocument(const std::string& sdsName, const Secret& value) {
    std::string header = "Bearer " + std::string(value.reveal());
    json::Object source{{"inline_string", header}};
    json::Array resources;
    resources.push_back(typed("envoy.extensions.transport_sockets.tls.v3.Secret",
                              {{"name", sdsName}, {"generic_secret", json::Object{{"secret", std::move(source)}}}}));
    wipe(header);
    return Secret(json::compact(json::Object{{"resources", std::move(resources)}}));
}

} // namespace gatehouse::envoy
