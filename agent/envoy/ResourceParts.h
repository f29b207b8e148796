#pragma once

#include "agent/envoy/EnvoyResources.h"

#include <chrono>
#include <string>
#include <string_view>

/// The pieces EnvoyResources is put together from; one file each.
namespace gatehouse::envoy::parts {

/// {"@type": "type.googleapis.com/<type>", …rest}
[[nodiscard]] json::Object typed(std::string_view type, json::Object rest = {});
/// {"name": …, "typed_config": …}
[[nodiscard]] json::Object extension(std::string_view name, json::Object typedConfig);
[[nodiscard]] json::Object pathSource(const std::filesystem::path& path);
[[nodiscard]] std::string seconds(std::chrono::seconds duration);
[[nodiscard]] std::string milliseconds(std::chrono::milliseconds duration);
[[nodiscard]] json::Object socketAddress(std::string_view address, std::uint16_t port);
/// An OpenAI-shaped error body, as one line.
[[nodiscard]] std::string errorBody(std::string_view message, std::string_view type, std::string_view code);

/// What is taken out of every request before anything looks at it: identity and routing headers of any gateway.
/// Then the declared length is put where the authorizer finds it.
[[nodiscard]] json::Array clientHeaderRemovals();
/// What no upstream gets to see: the client's key, its cookies, our own decision.
[[nodiscard]] json::Array upstreamHeaderRemovals();

/// The HTTP filters in order: authenticate, authorize, clean the query, count tokens, route.
[[nodiscard]] json::Array httpFilters(const EnvoySettings& settings);
/// Filters that read token usage from answers into dynamic metadata "gatehouse.usage" {in, out}. The one place to
/// change when sse_to_metadata, which Envoy calls work in progress, has to give way to something else.
[[nodiscard]] json::Array tokenCountingFilters();
[[nodiscard]] json::Object accessLog(const EnvoySettings& settings);

inline constexpr const char* AuthenticateFilter = "gatehouse.authenticate";
inline constexpr const char* AuthorizeFilter = "gatehouse.authorize";
/// Both stages write here, whatever their names are; what the first one said stays when the second refuses.
inline constexpr const char* AuthorizerNamespace = "envoy.filters.http.ext_authz";
inline constexpr const char* UsageNamespace = "gatehouse.usage";
inline constexpr const char* AuthorizerCluster = "gatehouse-authorizer";
inline constexpr const char* RouteTable = "models";

[[nodiscard]] json::Object authorizerCluster(const EnvoySettings& settings);
[[nodiscard]] json::Object modelCluster(const serving_plan::PlannedModel& model, const EnvoySettings& settings,
                                        const NeededCredential* credential);
[[nodiscard]] std::string clusterNameOf(const serving_plan::PlannedModel& model);
[[nodiscard]] json::Array routesOf(const serving_plan::PlannedModel& model);

} // namespace gatehouse::envoy::parts
