#pragma once

#include "agent/admin_api/KeyFeed.h"
#include "agent/admin_api/Route.h"
#include "core/object_store/ObjectStore.h"
#include "core/time/Clock.h"

namespace gatehouse::admin_api {

/// Answers of `?watch=1`: one JSON event a line, until the client leaves, `timeoutSeconds` are over, or the watcher
/// lags more than the server's limit (then a last ERROR event with 410, so that the client lists again). Everything
/// given must outlive the stream.
[[nodiscard]] Result<http_server::Response> watchStored(ObjectStore& store, const Clock& clock,
                                                        const http_server::Request& request, const Route& route,
                                                        const ResourcePath& path);
[[nodiscard]] Result<http_server::Response> watchKeys(KeyFeed& feed, const Clock& clock,
                                                      const http_server::Request& request, const Route& route,
                                                      const ResourcePath& path);

} // namespace gatehouse::admin_api
