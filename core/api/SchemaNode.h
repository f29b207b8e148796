#pragma once

#include "core/api/Schema.h"

#include <QRegularExpression>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

namespace gatehouse::api {

/// One level of a schema, read. Internal to core/api.
struct Schema::Node {
    enum class Type { Any, Object, Array, String, Integer, Number, Boolean, IntOrString };
    enum class ListType { Atomic, Set, Map };

    Type type = Type::Any;
    std::string format;
    bool nullable = false;
    bool preserveUnknown = false;

    std::map<std::string, std::shared_ptr<const Node>, std::less<>> properties;
    std::shared_ptr<const Node> additional; ///< of maps
    std::vector<std::string> required;
    std::optional<std::uint64_t> minProperties, maxProperties;

    std::shared_ptr<const Node> items;
    std::optional<std::uint64_t> minItems, maxItems;
    bool uniqueItems = false;
    ListType listType = ListType::Atomic;
    std::vector<std::string> mapKeys;

    std::vector<json::Value> allowed; ///< enum
    std::optional<double> minimum, maximum, multipleOf;
    bool exclusiveMinimum = false, exclusiveMaximum = false;
    std::optional<std::uint64_t> minLength, maxLength;
    std::optional<QRegularExpression> pattern;
    std::string patternText;

    std::optional<json::Value> defaultValue;

    /// The node for member `name`, or null if the schema does not know it.
    [[nodiscard]] const Node* member(std::string_view name) const {
        if (const auto found = properties.find(name); found != properties.end()) {
            return found->second.get();
        }
        return additional.get();
    }

    [[nodiscard]] bool knows(std::string_view name) const { return preserveUnknown || member(name) != nullptr; }
};

/// Reads one level and what is below it. `path` is where it stands, for messages.
[[nodiscard]] Result<std::shared_ptr<const Schema::Node>> readSchemaNode(const json::Value& source,
                                                                         const std::string& path);

} // namespace gatehouse::api
