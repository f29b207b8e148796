#include "agent/envoy/ResourceParts.h"

namespace gatehouse::envoy::parts {
namespace {

std::string metadata(std::string_view space, std::string_view key) {
    return "%DYNAMIC_METADATA(" + std::string(space) + ":" + std::string(key) + ")%";
}

} // namespace

json::Object accessLog(const EnvoySettings& settings) {
    // Never the query: keys get typed into it.
    json::Object line{
        {"ts", "%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%"},
        {"tenant_id", metadata(AuthorizerNamespace, "tenant")},
        {"user_id", metadata(AuthorizerNamespace, "client")},
        {"endpoint", "%PATH(NQ)%"},
        {"method", "%REQ(:METHOD)%"},
        {"model", metadata(AuthorizerNamespace, "model")},
        {"input_tokens", metadata(UsageNamespace, "in")},
        {"output_tokens", metadata(UsageNamespace, "out")},
        {"request_id", "%REQ(X-REQUEST-ID)%"},
        {"status", "%RESPONSE_CODE%"},
        {"details", "%RESPONSE_CODE_DETAILS%"},
        {"flags", "%RESPONSE_FLAGS%"},
        {"duration", "%DURATION%"},
        {"peer", "%DOWNSTREAM_REMOTE_ADDRESS%"},
    };
    return extension(
        "envoy.access_loggers.file",
        typed("envoy.extensions.access_loggers.file.v3.FileAccessLog",
              {{"path", settings.paths.accessLog().string()},
               {"log_format", json::Object{{"json_format", std::move(line)}, {"omit_empty_values", false}}}}));
}

} // namespace gatehouse::envoy::parts
