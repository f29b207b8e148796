#include "core/api/Schema.h"

#include "core/api/SchemaNode.h"
#include "core/time/Clock.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace gatehouse::api {
namespace {

using Node = Schema::Node;

constexpr std::size_t MostErrors = 50;
/// Longer text is never handed to a regular expression: none of our patterns describes anything near it.
constexpr std::size_t LongestPatternText = 16U << 10;

std::string below(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : path + "." + std::string(name);
}

std::string below(const std::string& path, std::size_t index) {
    return path + "[" + std::to_string(index) + "]";
}

const char* nameOf(Node::Type type) {
    switch (type) {
    case Node::Type::Object:
        return "an object";
    case Node::Type::Array:
        return "a list";
    case Node::Type::String:
        return "a string";
    case Node::Type::Integer:
        return "a whole number";
    case Node::Type::Number:
        return "a number";
    case Node::Type::Boolean:
        return "true or false";
    case Node::Type::IntOrString:
        return "a whole number or a string";
    case Node::Type::Any:
        break;
    }
    return "anything";
}

const char* kindOf(const json::Value& value) {
    switch (value.kind()) {
    case boost::json::kind::object:
        return "an object";
    case boost::json::kind::array:
        return "a list";
    case boost::json::kind::string:
        return "a string";
    case boost::json::kind::bool_:
        return "true or false";
    case boost::json::kind::null:
        return "null";
    case boost::json::kind::double_:
        return "a number with a fraction";
    default:
        return "a whole number";
    }
}

bool isInteger(const json::Value& value) {
    return value.is_int64() || value.is_uint64();
}

bool hasType(const Node& node, const json::Value& value) {
    switch (node.type) {
    case Node::Type::Object:
        return value.is_object();
    case Node::Type::Array:
        return value.is_array();
    case Node::Type::String:
        return value.is_string();
    case Node::Type::Integer:
        return isInteger(value);
    case Node::Type::Number:
        return value.is_number();
    case Node::Type::Boolean:
        return value.is_bool();
    case Node::Type::IntOrString:
        return isInteger(value) || value.is_string();
    case Node::Type::Any:
        break;
    }
    return true;
}

std::size_t codePoints(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// A value as a message may show it.
std::string shown(const json::Value& value) {
    std::string text = json::compact(value);
    if (text.size() > 80) {
        std::size_t end = 77;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
            --end;
        }
        text.resize(end);
        text += "...";
    }
    return text;
}

/// A bound as a person writes it: whole numbers without a fraction.
std::string shown(double bound) {
    return std::floor(bound) == bound && std::fabs(bound) < 1e15 ? std::to_string(static_cast<std::int64_t>(bound))
                                                                 : json::compact(json::Value(bound));
}

class Checker {
public:
    explicit Checker(std::vector<Error>& errors) : m_errors(errors) {}

    void check(const Node& node, const json::Value& value, const std::string& path) {
        if (m_errors.size() >= MostErrors || (value.is_null() && node.nullable)) {
            return;
        }
        if (!hasType(node, value)) {
            add(path, " must be " + std::string(nameOf(node.type)) + ", not " + kindOf(value));
            return;
        }
        checkAllowed(node, value, path);
        if (value.is_object() && node.type == Node::Type::Object) {
            checkObject(node, value.get_object(), path);
        } else if (value.is_array() && node.type == Node::Type::Array) {
            checkArray(node, value.get_array(), path);
        } else if (value.is_string()) {
            checkString(node, value.get_string(), path);
        } else if (value.is_number()) {
            checkNumber(node, value, path);
        }
    }

    void checkMembers(const Node& node, const json::Object& object, const std::string& path, bool top) {
        for (const std::string& name : node.required) {
            if (!object.contains(name)) {
                add(below(path, name), " is missing");
            }
        }
        for (const auto& member : object) {
            const std::string_view name = member.key();
            if (top && (name == "apiVersion" || name == "kind" || name == "metadata")) {
                continue;
            }
            if (const Node* child = node.member(name); child != nullptr) {
                check(*child, member.value(), below(path, name));
            }
        }
    }

private:
    void add(const std::string& path, const std::string& what, std::string hint = {}) {
        if (m_errors.size() < MostErrors) {
            Error error = makeError(ErrorKind::Invalid, (path.empty() ? "the object" : path) + what, std::move(hint));
            error.field = path;
            m_errors.push_back(std::move(error));
        }
    }

    void checkAllowed(const Node& node, const json::Value& value, const std::string& path) {
        if (node.allowed.empty() || std::find(node.allowed.begin(), node.allowed.end(), value) != node.allowed.end()) {
            return;
        }
        std::string choices;
        for (const json::Value& choice : node.allowed) {
            choices += (choices.empty() ? "" : ", ") + shown(choice);
        }
        add(path, " is " + shown(value), "use one of " + choices);
    }

    void checkObject(const Node& node, const json::Object& object, const std::string& path) {
        if (node.minProperties && object.size() < *node.minProperties) {
            add(path, " needs at least " + std::to_string(*node.minProperties) + " members");
        }
        if (node.maxProperties && object.size() > *node.maxProperties) {
            add(path, " has " + std::to_string(object.size()) + " members, at most " +
                          std::to_string(*node.maxProperties) + " are allowed");
        }
        checkMembers(node, object, path, false);
    }

    void checkArray(const Node& node, const json::Array& array, const std::string& path) {
        if (node.minItems && array.size() < *node.minItems) {
            add(path, " needs at least " + std::to_string(*node.minItems) + " entries");
        }
        if (node.maxItems && array.size() > *node.maxItems) {
            add(path, " has " + std::to_string(array.size()) + " entries, at most " + std::to_string(*node.maxItems) +
                          " are allowed");
            return;
        }
        std::set<std::string> seen;
        const bool unique = node.uniqueItems || node.listType != Node::ListType::Atomic;
        for (std::size_t i = 0; i < array.size() && m_errors.size() < MostErrors; ++i) {
            if (unique && !seen.insert(identityOf(node, array[i])).second) {
                add(below(path, i), " stands in the list twice");
            }
            if (node.items) {
                check(*node.items, array[i], below(path, i));
            }
        }
    }

    static std::string identityOf(const Node& node, const json::Value& item) {
        if (node.listType != Node::ListType::Map) {
            return json::canonical(item);
        }
        json::Array identity;
        for (const std::string& name : node.mapKeys) {
            const json::Value* found = json::find(item, name);
            identity.push_back(found == nullptr ? json::Value() : *found);
        }
        return json::canonical(identity);
    }

    void checkString(const Node& node, std::string_view text, const std::string& path) {
        if (node.minLength || node.maxLength) {
            const std::size_t length = codePoints(text);
            if (node.minLength && length < *node.minLength) {
                add(path, length == 0 ? " must not be empty"
                                      : " must have at least " + std::to_string(*node.minLength) + " characters");
            }
            if (node.maxLength && length > *node.maxLength) {
                add(path, " has " + std::to_string(length) + " characters, at most " + std::to_string(*node.maxLength) +
                              " are allowed");
            }
        }
        if (node.pattern && !matches(*node.pattern, text)) {
            add(path, " is " + shown(json::Value(text)), "it must match " + node.patternText);
        }
        if (node.format == "date-time" && (text.size() < 20 || !parseRfc3339(text))) {
            add(path, " is " + shown(json::Value(text)), "write a time like 2026-11-21T12:00:00Z");
        }
    }

    static bool matches(const QRegularExpression& pattern, std::string_view text) {
        return text.size() <= LongestPatternText &&
               pattern.match(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()))).hasMatch();
    }

    void checkNumber(const Node& node, const json::Value& value, const std::string& path) {
        const double number = value.to_number<double>();
        if (node.format == "int32" &&
            (number < std::numeric_limits<std::int32_t>::min() || number > std::numeric_limits<std::int32_t>::max())) {
            add(path, " is " + shown(value), "it must fit into 32 bits");
            return;
        }
        if (value.is_uint64() && node.format == "int64" &&
            value.get_uint64() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            add(path, " is " + shown(value), "it must fit into 64 bits");
            return;
        }
        if (node.minimum && (node.exclusiveMinimum ? number <= *node.minimum : number < *node.minimum)) {
            add(path, " is " + shown(value),
                std::string("it must be ") + (node.exclusiveMinimum ? "more than " : "at least ") +
                    shown(*node.minimum));
        }
        if (node.maximum && (node.exclusiveMaximum ? number >= *node.maximum : number > *node.maximum)) {
            add(path, " is " + shown(value),
                std::string("it must be ") + (node.exclusiveMaximum ? "less than " : "at most ") +
                    shown(*node.maximum));
        }
        if (node.multipleOf && std::fmod(number, *node.multipleOf) != 0.0) {
            add(path, " is " + shown(value), "it must be a multiple of " + shown(*node.multipleOf));
        }
    }

    std::vector<Error>& m_errors;
};

/// Calls `unknown(path, parent, name)` for every member the schema does not know.
template <typename Value, typename Unknown>
void visitUnknown(const Node& node, Value& value, const std::string& path, bool top, const Unknown& unknown) {
    if (auto* object = value.if_object(); object != nullptr && node.type == Node::Type::Object) {
        std::vector<std::string> strange;
        for (auto& member : *object) {
            const std::string_view name = member.key();
            if (top && (name == "apiVersion" || name == "kind" || name == "metadata")) {
                continue;
            }
            if (!node.knows(name)) {
                strange.emplace_back(name);
            } else if (const Node* child = node.member(name); child != nullptr) {
                visitUnknown(*child, member.value(), below(path, name), false, unknown);
            }
        }
        for (const std::string& name : strange) {
            unknown(below(path, name), *object, name);
        }
    } else if (auto* array = value.if_array(); array != nullptr && node.items) {
        for (std::size_t i = 0; i < array->size(); ++i) {
            visitUnknown(*node.items, (*array)[i], below(path, i), false, unknown);
        }
    }
}

/// A null where none may be is no value at all: the API server's rule.
void dropNulls(const Node& node, json::Object& object) {
    for (auto member = object.begin(); member != object.end();) {
        const Node* child = node.member(member->key());
        const bool drop = member->value().is_null() && child != nullptr && !child->nullable;
        member = drop ? object.stable_erase(member) : member + 1;
    }
}

void fill(const Node& node, json::Value& value) {
    if (json::Object* object = value.if_object(); object != nullptr && node.type == Node::Type::Object) {
        dropNulls(node, *object);
        for (const auto& [name, child] : node.properties) {
            if (child->defaultValue && !object->contains(name)) {
                (*object)[name] = *child->defaultValue;
            }
        }
        for (auto& member : *object) {
            if (const Node* child = node.member(member.key()); child != nullptr) {
                fill(*child, member.value());
            }
        }
    } else if (json::Array* array = value.if_array(); array != nullptr && node.items) {
        for (json::Value& item : *array) {
            fill(*node.items, item);
        }
    }
}

} // namespace

Schema::Schema() : m_root(std::make_shared<Node>()), m_source(std::make_shared<json::Value>()) {}

Result<Schema> Schema::from(const json::Value& openApiV3Schema) {
    auto root = readSchemaNode(openApiV3Schema, "schema");
    if (!root) {
        return failure(root.error());
    }
    if ((*root)->type != Node::Type::Object) {
        return failure(makeError(ErrorKind::Unsupported, "the schema's top level is not of type object"));
    }
    Schema schema;
    schema.m_root = std::move(*root);
    schema.m_source = std::make_shared<const json::Value>(openApiV3Schema);
    return schema;
}

std::vector<Error> Schema::check(const json::Value& value) const {
    std::vector<Error> errors;
    Checker checker(errors);
    if (const json::Object* object = value.if_object(); object != nullptr) {
        checker.checkMembers(*m_root, *object, {}, true);
    } else {
        checker.check(*m_root, value, {});
    }
    return errors;
}

std::vector<std::string> Schema::unknownFields(const json::Value& value) const {
    std::vector<std::string> paths;
    visitUnknown(*m_root, value, {}, true, [&](const std::string& path, const json::Object&, const std::string&) {
        if (paths.size() < MostErrors) {
            paths.push_back(path);
        }
    });
    return paths;
}

void Schema::dropUnknown(json::Value& value) const {
    visitUnknown(*m_root, value, {}, true,
                 [](const std::string&, json::Object& parent, const std::string& name) { parent.erase(name); });
}

void Schema::applyDefaults(json::Value& value) const {
    fill(*m_root, value);
}

const json::Value& Schema::source() const {
    return *m_source;
}

} // namespace gatehouse::api
