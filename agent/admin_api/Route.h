#pragma once

#include "agent/http_server/HttpServer.h"
#include "core/object_store/KnownKinds.h"
#include "core/result/Result.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::admin_api {

/// A request's path taken apart; segments are percent-decoded and none is empty, "." or "..", or holds a slash or NUL.
struct Route {
    std::vector<std::string> segments;
    std::map<std::string, std::string> query; ///< decoded; of a name that stands there twice the first value

    [[nodiscard]] std::string parameter(const std::string& name) const;
    /// "1", "t", "true" and their capitals, as Go reads a flag; an empty value with the name present is true for
    /// watch=.
    [[nodiscard]] bool flag(const std::string& name) const;
};

/// BadRequest for what cannot be decoded.
[[nodiscard]] Result<Route> parseRoute(const http_server::Request& request);

/// Where in the resource tree a path points.
struct ResourcePath {
    const KnownKind* kind = nullptr;
    std::string nameSpace; ///< empty: all namespaces, or cluster-scoped
    std::string name;      ///< empty: the collection
    std::string subresource;
};

/// No value when the path is none of a resource (discovery, virtual documents, nonsense).
[[nodiscard]] std::optional<ResourcePath> parseResource(const Route& route);

/// What the client wants to read, from its Accept header.
enum class Form { Json, Table };

/// 406 when nothing it accepts can be served here (protobuf alone, for example).
[[nodiscard]] Result<Form> chooseForm(std::string_view accept);

/// The media type without parameters, lower case.
[[nodiscard]] std::string mediaType(std::string_view contentType);

/// A request body as JSON, out of JSON or YAML. 415 for everything else, protobuf and CBOR among it.
[[nodiscard]] Result<json::Value> readBody(const http_server::Request& request);

} // namespace gatehouse::admin_api
