#pragma once

#include "agent/envoy/EnvoySettings.h"
#include "agent/serving_plan/ServingPlan.h"
#include "core/json/Json.h"
#include "core/secrets/Secret.h"

#include <string>
#include <vector>

namespace gatehouse::envoy {

/// A credential that a passthrough upstream needs: which Secret, and the file it is handed to Envoy in.
struct NeededCredential {
    std::string nameSpace;
    std::string secret; ///< name of the Secret; the value stands under `apiKey`
    std::string sdsName;
    std::filesystem::path file; ///< SDS document, mode 0600

    bool operator==(const NeededCredential&) const = default;
};

/// Everything Envoy reads, as documents. Holds no secret: credentials are files of their own (credentialDocument).
struct EnvoyResources {
    json::Object bootstrap;
    json::Object listeners;         ///< LDS
    json::Object routes;            ///< RDS
    json::Object clusters;          ///< CDS
    json::Object certificateSecret; ///< SDS: names the certificate files
    std::string version;            ///< of clusters and routes together; also version_info of the routes
    std::string clustersVersion;    ///< version_info of the clusters
    std::string listenersVersion;   ///< version_info of the listeners
    std::vector<NeededCredential> credentials;
};

/// The plan in Envoy's words. Pure: the same plan and settings give the same documents.
///
/// Deny by default: a route to a model matches only with the authorizer's own header, on an allowed path; the rest is
/// 404. A model without an upstream has no route.
[[nodiscard]] EnvoyResources translate(const serving_plan::ServingPlan& plan, const EnvoySettings& settings);

/// The SDS document that sends `value` as "Authorization: Bearer …" to an upstream.
[[nodiscard]] Secret credentialDocument(const std::string& sdsName, const Secret& value);

/// What the routes and the authorizer call a model: "<namespace>/<name>".
[[nodiscard]] std::string routeNameOf(const serving_plan::PlannedModel& model);

} // namespace gatehouse::envoy
