#pragma once

#include "core/result/Result.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::settings {

struct GatewayReference {
    std::string name;
    std::string nameSpace = "envoy-gateway-system";
};

/// The operator's settings, serving.md §3.7: same variables, same defaults.
struct Settings {
    std::string baseDomain;           ///< LLM_BASE_DOMAIN, required
    GatewayReference externalGateway; ///< LLM_EXTERNAL_GATEWAY_NAME (required), …_NAMESPACE
    GatewayReference internalGateway; ///< LLM_INTERNAL_GATEWAY_NAME (required), …_NAMESPACE
    std::string oidcIssuerUrl;        ///< LLM_OIDC_ISSUER_URL, required
    std::string oidcGroupsClaim = "groups";
    std::string oidcAudience; ///< empty: not checked
    std::string defaultServingImage = "ghcr.io/llm-d/llm-d-cuda:v0.7.0";
    std::string defaultEppImage = "ghcr.io/llm-d/llm-d-inference-scheduler:v0.8.0";
    std::string modelDownloaderImage = "ghcr.io/nebari-dev/llm-serving-pack/model-downloader:latest";
    std::string defaultStorageClassName;
    std::string apiKeysNamespace;
    std::string podNamespace; ///< POD_NAMESPACE; empty: no namespace rule, no shared TLS
    std::string clusterIssuerName = "letsencrypt-production";
    std::string tlsSecretName; ///< LLM_TLS_SECRET_NAME: a certificate of your own
    bool manageSharedListeners = true;
    bool enableWebhooks = true;

    [[nodiscard]] std::string externalHost() const { return "llm." + baseDomain; }

    [[nodiscard]] std::string internalHost() const { return "llm-internal." + baseDomain; }
};

/// A variable's value; none when it is not set. An empty value counts as not set.
using Lookup = std::function<std::optional<std::string>(const std::string& name)>;

/// All required variables that are missing are named in one Invalid error.
[[nodiscard]] Result<Settings> settingsFrom(const Lookup& lookup);
[[nodiscard]] Lookup environment();

/// NAME=value lines; `#` comments, blank lines, an `export ` before the name and quotes around the value are
/// understood. Fails (BadRequest) with the line number of the first other line.
[[nodiscard]] Result<std::map<std::string, std::string>> parseEnvFile(std::string_view text);
/// The file alone, without the environment: the same file gives the same settings everywhere.
[[nodiscard]] Result<Settings> settingsFromFile(const std::string& path);

} // namespace gatehouse::settings
