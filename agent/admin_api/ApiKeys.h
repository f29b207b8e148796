#pragma once

#include "agent/admin_api/Backend.h"
#include "agent/admin_api/KeyFeed.h"
#include "agent/admin_api/Route.h"

#include <stop_token>

namespace gatehouse::admin_api {

/// The verbs of the virtual kind ApiKey, but for watch. A key's value is in the answer to create and rotate, and
/// nowhere else.
[[nodiscard]] Result<http_server::Response> handleApiKeys(Backend& backend, KeyFeed& feed, const Clock& clock,
                                                          const http_server::Request& request, const Route& route,
                                                          const ResourcePath& path, std::stop_token stop);

} // namespace gatehouse::admin_api
