#include "core/object_store/Object.h"

namespace gatehouse {

std::string ObjectKey::describe() const {
    return type.kind + " " + (nameSpace.empty() ? name : nameSpace + "/" + name);
}

Result<Object> Object::from(json::Value value) {
    json::Object* content = value.if_object();
    if (content == nullptr) {
        return failure(ErrorKind::BadRequest, "expected an object with apiVersion, kind and metadata");
    }
    Object object(std::move(*content));
    for (const char* required : {"apiVersion", "kind"}) {
        if (object.topText(required).empty()) {
            return failure(ErrorKind::BadRequest, std::string(required) + " is missing or not a string");
        }
    }
    const json::Value* metadata = object.m_content.if_contains("metadata");
    if (metadata == nullptr || !metadata->is_object() ||
        (object.name().empty() && object.metaText("generateName").empty())) {
        return failure(ErrorKind::BadRequest, object.kind() + ": metadata.name is missing");
    }
    return object;
}

std::int64_t Object::generation() const {
    const json::Value* metadata = m_content.if_contains("metadata");
    return metadata == nullptr ? 0 : json::number(*metadata, "generation");
}

std::string Object::label(std::string_view key) const {
    const auto all = labels();
    const auto found = all.find(std::string(key));
    return found == all.end() ? std::string() : found->second;
}

std::string Object::annotation(std::string_view key) const {
    const auto all = annotations();
    const auto found = all.find(std::string(key));
    return found == all.end() ? std::string() : found->second;
}

std::vector<std::string> Object::finalizers() const {
    std::vector<std::string> names;
    const json::Value* list = at("metadata.finalizers");
    if (list != nullptr && list->is_array()) {
        for (const json::Value& item : list->get_array()) {
            if (item.is_string()) {
                names.emplace_back(item.get_string());
            }
        }
    }
    return names;
}

const json::Value* Object::at(std::string_view path) const {
    const std::size_t dot = path.find('.');
    const json::Value* first = m_content.if_contains(path.substr(0, dot));
    return first == nullptr || dot == std::string_view::npos ? first : json::at(*first, path.substr(dot + 1));
}

std::string Object::text(std::string_view path, std::string_view fallback) const {
    const json::Value* found = at(path);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string(fallback);
}

std::string Object::topText(std::string_view name) const {
    const json::Value* found = m_content.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::string Object::metaText(std::string_view name) const {
    const json::Value* metadata = m_content.if_contains("metadata");
    return metadata == nullptr ? std::string() : json::text(*metadata, name);
}

std::map<std::string, std::string> Object::metaMap(std::string_view name) const {
    std::map<std::string, std::string> result;
    const json::Value* metadata = m_content.if_contains("metadata");
    const json::Value* map = metadata == nullptr ? nullptr : json::find(*metadata, name);
    if (map != nullptr && map->is_object()) {
        for (const auto& member : map->get_object()) {
            if (member.value().is_string()) {
                result.emplace(member.key(), member.value().get_string());
            }
        }
    }
    return result;
}

GroupVersion groupVersionOf(std::string_view apiVersion) {
    const std::size_t slash = apiVersion.find('/');
    if (slash == std::string_view::npos) {
        return {"", std::string(apiVersion)};
    }
    return {std::string(apiVersion.substr(0, slash)), std::string(apiVersion.substr(slash + 1))};
}

} // namespace gatehouse
