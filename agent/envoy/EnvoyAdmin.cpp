#include "agent/envoy/EnvoyAdmin.h"

#include <sstream>

namespace gatehouse::envoy {
namespace {

http::ClientOptions adminOptions(const std::filesystem::path& socket) {
    http::ClientOptions options;
    options.baseUrl = "http://envoy";
    options.unixSocket = socket.string();
    options.connectTimeout = std::chrono::seconds(1);
    options.headerTimeout = std::chrono::seconds(5);
    options.bodyTimeout = std::chrono::seconds(5);
    options.maxBodyBytes = 4U << 20;
    return options;
}

} // namespace

EnvoyAdmin::EnvoyAdmin(const std::filesystem::path& socket)
    : m_client(std::make_unique<http::HttpClient>(adminOptions(socket))) {}

Result<std::string> EnvoyAdmin::ask(const std::string& method, const std::string& target, std::stop_token stop) const {
    http::Request request;
    request.method = method;
    request.target = target;
    Result<http::Response> answer = m_client->send(request, std::move(stop));
    if (!answer) {
        return failure(because("Envoy does not answer on its admin socket", answer.error()));
    }
    if (answer->status != 200) {
        return failure(ErrorKind::Internal,
                       "Envoy's admin interface answered " + std::to_string(answer->status) + " to " + target);
    }
    return std::move(answer->body);
}

bool EnvoyAdmin::isReady(std::stop_token stop) const {
    return ask("GET", "/ready", std::move(stop)).has_value();
}

Result<std::map<std::string, std::string>> EnvoyAdmin::statistics(const std::string& filter,
                                                                  std::stop_token stop) const {
    Result<std::string> text = ask("GET", "/stats?filter=" + http::percentEncode(filter), std::move(stop));
    if (!text) {
        return failure(text.error());
    }
    std::map<std::string, std::string> out;
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
        if (const std::size_t colon = line.rfind(": "); colon != std::string::npos) {
            std::string value = line.substr(colon + 2);
            if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
                value = value.substr(1, value.size() - 2);
            }
            out[line.substr(0, colon)] = value;
        }
    }
    return out;
}

Result<void> EnvoyAdmin::reopenLogs(std::stop_token stop) const {
    if (Result<std::string> answer = ask("POST", "/reopen_logs", std::move(stop)); !answer) {
        return failure(answer.error());
    }
    return {};
}

} // namespace gatehouse::envoy
