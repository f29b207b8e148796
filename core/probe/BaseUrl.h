#pragma once

#include "core/result/Result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::probe {

/// The http or https address an endpoint's routes hang below.
struct BaseUrl {
    bool tls = true;
    std::string host; ///< without brackets for IPv6
    std::uint16_t port = 443;
    std::string path; ///< "" or "/prefix", never with a slash at the end

    /// For the Host header: brackets and a port that is not the scheme's own.
    [[nodiscard]] std::string authority() const;
    [[nodiscard]] bool isLoopback() const;

    /// Strict: no user information, query, fragment, white space or control characters.
    [[nodiscard]] static Result<BaseUrl> parse(std::string_view text);
};

} // namespace gatehouse::probe
