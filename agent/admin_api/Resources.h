#pragma once

#include "agent/admin_api/Backend.h"
#include "agent/admin_api/KeyFeed.h"
#include "agent/admin_api/Route.h"
#include "agent/admin_api/Table.h"
#include "core/object_store/ObjectStore.h"
#include "core/time/Clock.h"

#include <stop_token>

namespace gatehouse::admin_api {

/// The verbs of stored kinds and of namespaces: everything below a resource path but watches and ApiKeys.
class Resources {
public:
    Resources(ObjectStore& store, const Clock& clock) : m_store(store), m_clock(clock) {}

    [[nodiscard]] Result<http_server::Response> handle(const http_server::Request& request, const Route& route,
                                                       const ResourcePath& path);

    /// Of GET on a collection, `items` by themselves or as a Table; shared with ApiKeys.
    [[nodiscard]] static http_server::Response listAnswer(const ResourceType& type, const ObjectList& list, Form form,
                                                          const Route& route, TimePoint now);
    [[nodiscard]] static http_server::Response objectAnswer(const ResourceType& type, const Object& object, Form form,
                                                            const Route& route, TimePoint now, int status = 200);

private:
    struct Call {
        const http_server::Request& request;
        const Route& route;
        const ResourcePath& path;
        Form form;
        ObjectKey key;
        WriteOptions options;
    };

    Result<http_server::Response> read(const Call& call);
    Result<http_server::Response> create(const Call& call);
    Result<http_server::Response> update(const Call& call);
    Result<http_server::Response> patch(const Call& call);
    Result<http_server::Response> apply(const Call& call);
    Result<http_server::Response> remove(const Call& call);
    Result<http_server::Response> removeCollection(const Call& call);
    Result<http_server::Response> namespaces(const Call& call);
    Result<Object> bodyObject(const Call& call, std::vector<std::string>& warnings) const;
    [[nodiscard]] http_server::Response written(const Call& call, const Object& object, int status,
                                                const std::vector<std::string>& warnings) const;

    ObjectStore& m_store;
    const Clock& m_clock;
};

/// Options of a list or watch out of the query.
[[nodiscard]] Result<ListOptions> listOptions(const Route& route, const ResourcePath& path);
[[nodiscard]] RowObject rowObject(const Route& route);
/// dryRun, fieldManager (or the user agent's first word).
[[nodiscard]] Result<WriteOptions> writeOptions(const http_server::Request& request, const Route& route);

} // namespace gatehouse::admin_api
