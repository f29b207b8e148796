#include "core/api/SchemaNode.h"

#include <functional>

namespace gatehouse::api {
namespace {

using Node = Schema::Node;

Error notUnderstood(const std::string& path, std::string_view keyword) {
    return makeError(ErrorKind::Unsupported,
                     "the schema says something at " + path + "." + std::string(keyword) + " that is not understood");
}

/// Go's `$` is the end of the text; PCRE's is also in front of a last newline.
std::string pcreOf(std::string pattern) {
    if (pattern.ends_with('$') && !pattern.ends_with("\\$")) {
        pattern.back() = '\\';
        pattern += 'z';
    }
    return pattern;
}

bool readType(const json::Value& value, Node& node) {
    static const std::map<std::string, Node::Type, std::less<>> types{
        {"object", Node::Type::Object},   {"array", Node::Type::Array},   {"string", Node::Type::String},
        {"integer", Node::Type::Integer}, {"number", Node::Type::Number}, {"boolean", Node::Type::Boolean}};
    const auto found = value.is_string() ? types.find(std::string_view(value.get_string())) : types.end();
    if (found == types.end()) {
        return false;
    }
    node.type = found->second;
    return true;
}

bool readTexts(const json::Value& value, std::vector<std::string>& out) {
    if (!value.is_array()) {
        return false;
    }
    for (const json::Value& item : value.get_array()) {
        if (!item.is_string()) {
            return false;
        }
        out.emplace_back(item.get_string());
    }
    return true;
}

bool readCount(const json::Value& value, std::optional<std::uint64_t>& out) {
    if (!value.is_int64() || value.get_int64() < 0) {
        return false;
    }
    out = static_cast<std::uint64_t>(value.get_int64());
    return true;
}

bool readNumber(const json::Value& value, std::optional<double>& out) {
    if (!value.is_number()) {
        return false;
    }
    out = value.to_number<double>();
    return true;
}

bool readFlag(const json::Value& value, bool& out) {
    if (!value.is_bool()) {
        return false;
    }
    out = value.get_bool();
    return true;
}

bool readPattern(const json::Value& value, Node& node) {
    if (!value.is_string()) {
        return false;
    }
    node.patternText = std::string(value.get_string());
    node.pattern.emplace(QString::fromStdString(pcreOf(node.patternText)));
    node.pattern->optimize();
    return node.pattern->isValid();
}

bool readListType(const json::Value& value, Node& node) {
    const std::string_view text = value.is_string() ? std::string_view(value.get_string()) : std::string_view();
    node.listType = text == "set" ? Node::ListType::Set : text == "map" ? Node::ListType::Map : Node::ListType::Atomic;
    return text == "set" || text == "map" || text == "atomic";
}

using Reader = std::function<bool(const json::Value&, Node&)>;

/// Keywords that need nothing but their value.
const std::map<std::string, Reader, std::less<>>& simpleKeywords() {
    const auto ignore = [](const json::Value&, Node&) { return true; };
    static const std::map<std::string, Reader, std::less<>> readers{
        {"type", readType},
        {"pattern", readPattern},
        {"x-kubernetes-list-type", readListType},
        {"description", ignore},
        {"title", ignore},
        {"example", ignore},
        {"x-kubernetes-map-type", ignore},
        {"nullable", [](const auto& v, Node& n) { return readFlag(v, n.nullable); }},
        {"x-kubernetes-preserve-unknown-fields", [](const auto& v, Node& n) { return readFlag(v, n.preserveUnknown); }},
        {"x-kubernetes-list-map-keys", [](const auto& v, Node& n) { return readTexts(v, n.mapKeys); }},
        {"required", [](const auto& v, Node& n) { return readTexts(v, n.required); }},
        {"uniqueItems", [](const auto& v, Node& n) { return readFlag(v, n.uniqueItems); }},
        {"exclusiveMinimum", [](const auto& v, Node& n) { return readFlag(v, n.exclusiveMinimum); }},
        {"exclusiveMaximum", [](const auto& v, Node& n) { return readFlag(v, n.exclusiveMaximum); }},
        {"minimum", [](const auto& v, Node& n) { return readNumber(v, n.minimum); }},
        {"maximum", [](const auto& v, Node& n) { return readNumber(v, n.maximum); }},
        {"multipleOf", [](const auto& v, Node& n) { return readNumber(v, n.multipleOf) && *n.multipleOf > 0; }},
        {"minLength", [](const auto& v, Node& n) { return readCount(v, n.minLength); }},
        {"maxLength", [](const auto& v, Node& n) { return readCount(v, n.maxLength); }},
        {"minItems", [](const auto& v, Node& n) { return readCount(v, n.minItems); }},
        {"maxItems", [](const auto& v, Node& n) { return readCount(v, n.maxItems); }},
        {"minProperties", [](const auto& v, Node& n) { return readCount(v, n.minProperties); }},
        {"maxProperties", [](const auto& v, Node& n) { return readCount(v, n.maxProperties); }},
        {"default",
         [](const auto& v, Node& n) {
             n.defaultValue = v;
             return true;
         }},
        {"enum",
         [](const auto& v, Node& n) {
             if (!v.is_array()) {
                 return false;
             }
             n.allowed.assign(v.get_array().begin(), v.get_array().end());
             return true;
         }},
        {"format",
         [](const auto& v, Node& n) {
             n.format = v.is_string() ? std::string(v.get_string()) : std::string();
             return n.format == "int32" || n.format == "int64" || n.format == "date-time";
         }},
    };
    return readers;
}

Result<void> readProperties(const json::Value& value, const std::string& path, Node& node) {
    if (!value.is_object()) {
        return failure(notUnderstood(path, "properties"));
    }
    for (const auto& member : value.get_object()) {
        auto child = readSchemaNode(member.value(), path + "." + std::string(member.key()));
        if (!child) {
            return failure(child.error());
        }
        node.properties.emplace(member.key(), std::move(*child));
    }
    return {};
}

Result<void> readAdditional(const json::Value& value, const std::string& path, Node& node) {
    if (value.is_bool()) {
        node.preserveUnknown = node.preserveUnknown || value.get_bool();
        return {};
    }
    auto child = readSchemaNode(value, path + ".*");
    if (!child) {
        return failure(child.error());
    }
    node.additional = std::move(*child);
    return {};
}

Result<void> readKeyword(std::string_view keyword, const json::Value& value, const std::string& path, Node& node) {
    if (keyword == "properties") {
        return readProperties(value, path, node);
    }
    if (keyword == "additionalProperties") {
        return readAdditional(value, path, node);
    }
    if (keyword == "items") {
        auto child = readSchemaNode(value, path + "[]");
        if (!child) {
            return failure(child.error());
        }
        node.items = std::move(*child);
        return {};
    }
    const auto& simple = simpleKeywords();
    const auto found = simple.find(keyword);
    if (found == simple.end() || !found->second(value, node)) {
        return failure(notUnderstood(path, keyword));
    }
    return {};
}

} // namespace

Result<std::shared_ptr<const Node>> readSchemaNode(const json::Value& source, const std::string& path) {
    const json::Object* object = source.if_object();
    if (object == nullptr) {
        return failure(makeError(ErrorKind::Unsupported, "the schema at " + path + " is no object"));
    }
    auto node = std::make_shared<Node>();
    const bool intOrString = json::flag(source, "x-kubernetes-int-or-string");
    for (const auto& member : *object) {
        if (member.key() == "x-kubernetes-int-or-string" || (intOrString && member.key() == "anyOf")) {
            continue;
        }
        if (Result<void> read = readKeyword(member.key(), member.value(), path, *node); !read) {
            return failure(read.error());
        }
    }
    if (intOrString) {
        node->type = Node::Type::IntOrString;
    }
    return std::shared_ptr<const Node>(std::move(node));
}

} // namespace gatehouse::api
