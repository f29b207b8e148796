#pragma once

#include "core/http/HttpClient.h"
#include "core/result/Result.h"

#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

namespace gatehouse::envoy {

/// Envoy's admin interface on its Unix socket. Thread-safe.
class EnvoyAdmin {
public:
    explicit EnvoyAdmin(const std::filesystem::path& socket);

    /// Whether it is up and past its initialization.
    [[nodiscard]] bool isReady(std::stop_token stop) const;
    /// Statistics whose name matches `filter` (a regular expression), as text.
    [[nodiscard]] Result<std::map<std::string, std::string>> statistics(const std::string& filter,
                                                                        std::stop_token stop) const;
    /// Opens the access log anew after it was renamed.
    [[nodiscard]] Result<void> reopenLogs(std::stop_token stop) const;

private:
    [[nodiscard]] Result<std::string> ask(const std::string& method, const std::string& target,
                                          std::stop_token stop) const;
    std::unique_ptr<http::HttpClient> m_client;
};

} // namespace gatehouse::envoy
