#include "agent/admin_api/Table.h"

#include "core/api/CustomResources.h"
#include "core/object_store/KnownKinds.h"

#include <charconv>

namespace gatehouse::admin_api {
namespace {

std::vector<api::PrinterColumn> columnsOf(const ResourceType& type) {
    const api::PrinterColumn age{"Age", "date", ".metadata.creationTimestamp", "How long it exists."};
    if (type == kinds::Secret) {
        return {{"Type", "string", ".type", "What it is for."}, age};
    }
    if (type == kinds::ConfigMap) {
        return {age};
    }
    if (type == kinds::Namespace) {
        return {{"Status", "string", ".status.phase", ""}, age};
    }
    const auto* resource = api::findCustomResource(type);
    return resource == nullptr ? std::vector<api::PrinterColumn>{age} : resource->columns;
}

json::Value cell(const api::PrinterColumn& column, const Object& object, TimePoint now) {
    const json::Value* value = atJsonPath(object.content(), column.jsonPath);
    if (value == nullptr || value->is_null()) {
        return column.type == "date" && column.jsonPath == ".metadata.creationTimestamp" ? json::Value("<unknown>")
                                                                                         : json::Value(nullptr);
    }
    if (column.type == "date") {
        const auto time =
            value->is_string() ? parseRfc3339(value->get_string()) : failure(ErrorKind::BadRequest, "no time");
        return time ? json::Value(shortAge(std::chrono::duration_cast<std::chrono::seconds>(now - *time)))
                    : json::Value("<invalid>");
    }
    if (column.type == "string" && !value->is_string()) {
        return json::Value(json::compact(*value));
    }
    return *value;
}

} // namespace

const json::Value* atJsonPath(const json::Object& object, std::string_view path) {
    const json::Value* current = nullptr;
    const json::Object* level = &object;
    while (!path.empty()) {
        if (path.front() == '[') {
            const std::size_t close = path.find(']');
            std::size_t index = 0;
            if (close == std::string_view::npos || current == nullptr || !current->is_array() ||
                std::from_chars(path.data() + 1, path.data() + close, index).ec != std::errc()) {
                return nullptr;
            }
            current = current->get_array().if_contains(index);
            path.remove_prefix(close + 1);
        } else {
            path.remove_prefix(path.front() == '.' ? 1 : 0);
            std::string name;
            std::size_t at = 0;
            for (; at < path.size() && path[at] != '.' && path[at] != '['; ++at) {
                at += path[at] == '\\' && at + 1 < path.size() ? 1 : 0;
                name += path[at];
            }
            path.remove_prefix(at);
            if (level == nullptr) {
                return nullptr;
            }
            current = level->if_contains(name);
        }
        if (current == nullptr) {
            return nullptr;
        }
        level = current->if_object();
    }
    return current;
}

std::string shortAge(std::chrono::seconds age) {
    const auto total = age.count();
    if (total < 0) {
        return "0s";
    }
    const auto two = [](std::int64_t large, const char* unit, std::int64_t small, const char* smallUnit) {
        return std::to_string(large) + unit + (small == 0 ? "" : std::to_string(small) + smallUnit);
    };
    const std::int64_t minutes = total / 60;
    const std::int64_t hours = total / 3600;
    const std::int64_t days = hours / 24;
    if (total < 120) {
        return std::to_string(total) + "s";
    }
    if (minutes < 10) {
        return two(minutes, "m", total % 60, "s");
    }
    if (hours < 3) {
        return std::to_string(minutes) + "m";
    }
    if (hours < 8) {
        return two(hours, "h", minutes % 60, "m");
    }
    if (hours < 48) {
        return std::to_string(hours) + "h";
    }
    if (days < 8) {
        return two(days, "d", hours % 24, "h");
    }
    if (days < 730) {
        return std::to_string(days) + "d";
    }
    return days < 365 * 8 ? two(days / 365, "y", days % 365, "d") : std::to_string(days / 365) + "y";
}

json::Object toTable(const ResourceType& type, std::span<const Object> objects, TimePoint now, RowObject rowObject,
                     bool withColumns) {
    const auto columns = columnsOf(type);
    json::Array definitions;
    if (withColumns) {
        definitions.push_back(json::Object{{"name", "Name"},
                                           {"type", "string"},
                                           {"format", "name"},
                                           {"description", "Name of the object."},
                                           {"priority", 0}});
        for (const auto& column : columns) {
            definitions.push_back(json::Object{{"name", column.name},
                                               {"type", column.type},
                                               {"format", ""},
                                               {"description", column.description},
                                               {"priority", 0}});
        }
    }
    json::Array rows;
    rows.reserve(objects.size());
    for (const Object& object : objects) {
        json::Array cells{object.name()};
        for (const auto& column : columns) {
            cells.push_back(cell(column, object, now));
        }
        json::Object row{{"cells", std::move(cells)}};
        if (rowObject == RowObject::Whole) {
            row["object"] = object.value();
        } else if (rowObject == RowObject::Metadata) {
            const json::Value* metadata = object.at("metadata");
            row["object"] = json::Object{{"kind", "PartialObjectMetadata"},
                                         {"apiVersion", "meta.k8s.io/v1"},
                                         {"metadata", metadata == nullptr ? json::Value(json::Object()) : *metadata}};
        }
        rows.push_back(std::move(row));
    }
    return {{"kind", "Table"},
            {"apiVersion", "meta.k8s.io/v1"},
            {"metadata", json::Object{}},
            {"columnDefinitions", std::move(definitions)},
            {"rows", std::move(rows)}};
}

} // namespace gatehouse::admin_api
