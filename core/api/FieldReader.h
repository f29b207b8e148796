#pragma once

#include "core/json/Json.h"
#include "core/result/Result.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::api {

/// Reads typed fields out of an object and remembers the first one of a wrong type. Internal to core/api.
class FieldReader {
public:
    explicit FieldReader(const json::Object& content) : m_content(content) {}

    [[nodiscard]] std::string text(std::string_view path, std::string_view fallback = {});
    [[nodiscard]] std::int64_t number(std::string_view path, std::int64_t fallback);
    [[nodiscard]] std::optional<std::int64_t> optionalNumber(std::string_view path);
    [[nodiscard]] bool flag(std::string_view path, bool fallback);
    [[nodiscard]] std::optional<bool> optionalFlag(std::string_view path);
    [[nodiscard]] std::vector<std::string> texts(std::string_view path);
    [[nodiscard]] json::Object object(std::string_view path);
    [[nodiscard]] json::Array array(std::string_view path);
    [[nodiscard]] std::optional<json::Value> value(std::string_view path);
    /// The field must be there.
    void require(std::string_view path);

    [[nodiscard]] const std::optional<Error>& problem() const { return m_problem; }

private:
    [[nodiscard]] const json::Value* find(std::string_view path) const;
    void wrong(std::string_view path, const char* expected);

    const json::Object& m_content;
    std::optional<Error> m_problem;
};

} // namespace gatehouse::api
