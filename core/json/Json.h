#pragma once

#include "core/result/Result.h"

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

struct Limits {
    std::size_t bytes = 8U << 20;
    std::size_t depth = 64;
};

/// Strict RFC 8259: UTF-8 checked, duplicate member names refused, one value and nothing after it.
/// The error names line and column.
[[nodiscard]] Result<Value> parse(std::string_view text, Limits limits = {});

/// One line, members in the order they stand in the value.
[[nodiscard]] std::string compact(const Value& value);
/// Members sorted by name (bytewise), no spaces: the same value gives the same bytes. Used wherever bytes are hashed.
[[nodiscard]] std::string canonical(const Value& value);
/// Indented by two, members in the order they stand in the value, newline at the end.
[[nodiscard]] std::string pretty(const Value& value);

/// The member, or null if `value` is no object or lacks it.
[[nodiscard]] const Value* find(const Value& value, std::string_view name);
/// Follows a dotted path of member names ("spec.model.name"); names with dots cannot be reached this way.
[[nodiscard]] const Value* at(const Value& value, std::string_view path);
/// The string at the dotted path, or `fallback` if it is missing or no string.
[[nodiscard]] std::string text(const Value& value, std::string_view path, std::string_view fallback = {});
[[nodiscard]] std::int64_t number(const Value& value, std::string_view path, std::int64_t fallback = 0);
[[nodiscard]] bool flag(const Value& value, std::string_view path, bool fallback = false);

/// The object member `name` of `parent`, made empty when it is missing or no object.
Object& objectAt(Object& parent, std::string_view name);

} // namespace gatehouse::json
