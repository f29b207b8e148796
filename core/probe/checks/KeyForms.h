#pragma once

#include "core/probe/Prober.h"

#include <string>

namespace gatehouse::probe {

/// How the endpoint takes its credential; Authorization: Bearer where none was given.
struct Carrier {
    std::string header = "Authorization";
    std::string prefix = "Bearer ";
};

[[nodiscard]] Carrier carrierOf(const ProbeTarget& target);

/// A random key of the form of `model`: same length, same kind of character at each place, a prefix up to the first '-'
/// or '_' kept. Without a model: "sk-" and 32 base64url characters.
[[nodiscard]] std::string randomKeyLike(std::string_view model);

} // namespace gatehouse::probe
