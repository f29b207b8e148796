#pragma once

#include "core/json/Json.h"

#include <optional>
#include <string_view>

namespace gatehouse::api {

/// The sign of a Kubernetes quantity ("200Gi", "500m", "1e3"): -1, 0 or 1; none if the text is no quantity.
[[nodiscard]] std::optional<int> quantitySign(std::string_view text);
/// The same for a JSON value, which may be a string or a whole number.
[[nodiscard]] std::optional<int> signOf(const json::Value& quantity);

} // namespace gatehouse::api
