#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::http {

/// Header fields in the order they stand; names are compared without case.
class Headers {
public:
    using Field = std::pair<std::string, std::string>;

    Headers() = default;

    Headers(std::initializer_list<Field> fields) : m_fields(fields) {}

    /// The value of the first field of that name; empty when there is none.
    [[nodiscard]] std::string_view value(std::string_view name) const;
    [[nodiscard]] bool contains(std::string_view name) const;
    /// Replaces every field of that name by one.
    void set(std::string_view name, std::string value);

    void add(std::string name, std::string value) { m_fields.emplace_back(std::move(name), std::move(value)); }

    void remove(std::string_view name);

    [[nodiscard]] const std::vector<Field>& all() const { return m_fields; }

private:
    std::vector<Field> m_fields;
};

[[nodiscard]] bool equalsIgnoringCase(std::string_view a, std::string_view b);

/// One HTTP/1.1 request. Host, Connection, Content-Length and Transfer-Encoding are made by whoever sends it.
struct Request {
    std::string method = "GET";
    std::string target = "/"; ///< path and query, still percent-encoded; begins with '/'
    Headers headers;
    std::string body;
};

/// One HTTP/1.1 response with its whole body.
struct Response {
    int status = 200;
    Headers headers;
    std::string body;
};

} // namespace gatehouse::http
