#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace gatehouse::api {

/// A duration of the Gateway API ("600s", "1h30m", "500ms"; one to four parts of one to five digits); none if it is not
/// one.
[[nodiscard]] std::optional<std::chrono::milliseconds> parseGatewayDuration(std::string_view text);

} // namespace gatehouse::api
