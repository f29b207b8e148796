#pragma once

#include "core/result/Result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::http {

/// The parts of an http or https URL that a client needs.
struct Url {
    bool tls = false;
    std::string host; ///< without brackets
    std::uint16_t port = 0;
    std::string path; ///< without a slash at the end; empty for the root

    /// The Host header: brackets around IPv6, the port unless it is the scheme's own.
    [[nodiscard]] std::string authority() const;
};

/// BadRequest for other schemes, user names, queries, fragments, blanks and impossible ports.
[[nodiscard]] Result<Url> parseUrl(std::string_view text);

} // namespace gatehouse::http
