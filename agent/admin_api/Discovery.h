#pragma once

#include "agent/admin_api/Route.h"
#include "core/json/Json.h"

#include <optional>

namespace gatehouse::admin_api {

/// The documents by which clients find out what is served: /api, /apis, /api/v1, /apis/<group>[/<version>], /version.
/// No value when the path is none of them. Pure.
[[nodiscard]] std::optional<json::Value> discovery(const Route& route);

} // namespace gatehouse::admin_api
