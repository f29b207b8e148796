#include "agent/envoy/ResourceParts.h"

#include <cstdio>

namespace gatehouse::envoy::parts {

json::Object typed(std::string_view type, json::Object rest) {
    json::Object out;
    out["@type"] = "type.googleapis.com/" + std::string(type);
    for (auto& member : rest) {
        out[member.key()] = std::move(member.value());
    }
    return out;
}

json::Object extension(std::string_view name, json::Object typedConfig) {
    return json::Object{{"name", name}, {"typed_config", std::move(typedConfig)}};
}

json::Object pathSource(const std::filesystem::path& path) {
    return json::Object{{"path_config_source", json::Object{{"path", path.string()}}},
                        {"resource_api_version", "V3"},
                        {"initial_fetch_timeout", "10s"}};
}

std::string seconds(std::chrono::seconds duration) {
    return std::to_string(duration.count()) + "s";
}

std::string milliseconds(std::chrono::milliseconds duration) {
    char text[40];
    std::snprintf(text, sizeof text, "%lld.%03llds", static_cast<long long>(duration.count() / 1000),
                  static_cast<long long>(duration.count() % 1000));
    return text;
}

json::Object socketAddress(std::string_view address, std::uint16_t port) {
    return json::Object{{"socket_address", json::Object{{"address", address}, {"port_value", port}}}};
}

std::string errorBody(std::string_view message, std::string_view type, std::string_view code) {
    return json::compact(json::Object{
        {"error", json::Object{{"message", message}, {"type", type}, {"param", nullptr}, {"code", code}}}});
}

} // namespace gatehouse::envoy::parts
