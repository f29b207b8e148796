#pragma once

#include "agent/admin_api/Backend.h"
#include "agent/http_server/HttpServer.h"
#include "core/object_store/ObjectStore.h"
#include "core/time/Clock.h"

#include <memory>
#include <stop_token>

namespace gatehouse::admin_api {

/// The admin API (docs/admin-api.md) over an object store and what only the agent knows. Thread-safe.
///
/// Who holds the token may do everything; everybody else gets 401, on every path but /healthz and /readyz. The token is
/// compared in constant time, by admit() before a body is read and again by handle().
class AdminApi {
public:
    /// `store`, `backend` and `clock` must outlive this. An empty token lets nobody in.
    AdminApi(ObjectStore& store, Backend& backend, const Clock& clock, Secret token);
    ~AdminApi();
    AdminApi(const AdminApi&) = delete;
    AdminApi& operator=(const AdminApi&) = delete;

    /// Answers one request; a watch answers with a stream. Blocks as long as store and backend do.
    [[nodiscard]] http_server::Response handle(const http_server::Request& request, std::stop_token stop);

    /// 401 for a request without the token, before its body is read.
    [[nodiscard]] std::optional<http::Response> admit(const http_server::Request& request) const;

    /// Starts a server with `options` (address, port, identity, limits) whose requests come here. Stop it, or let it
    /// die, before this object.
    [[nodiscard]] Result<std::unique_ptr<http_server::HttpServer>> serve(http_server::Options options);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace gatehouse::admin_api
