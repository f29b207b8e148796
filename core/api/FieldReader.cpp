#include "core/api/FieldReader.h"

namespace gatehouse::api {

const json::Value* FieldReader::find(std::string_view path) const {
    const std::size_t dot = path.find('.');
    const json::Value* first = m_content.if_contains(path.substr(0, dot));
    const json::Value* found =
        first == nullptr || dot == std::string_view::npos ? first : json::at(*first, path.substr(dot + 1));
    return found == nullptr || found->is_null() ? nullptr : found;
}

void FieldReader::wrong(std::string_view path, const char* expected) {
    if (!m_problem) {
        m_problem = makeError(ErrorKind::Invalid, std::string(path) + " must be " + expected);
        m_problem->field = std::string(path);
    }
}

void FieldReader::require(std::string_view path) {
    if (find(path) == nullptr && !m_problem) {
        m_problem = makeError(ErrorKind::Invalid, std::string(path) + " is missing");
        m_problem->field = std::string(path);
    }
}

std::string FieldReader::text(std::string_view path, std::string_view fallback) {
    const json::Value* found = find(path);
    if (found == nullptr) {
        return std::string(fallback);
    }
    if (!found->is_string()) {
        wrong(path, "a string");
        return std::string(fallback);
    }
    return std::string(found->get_string());
}

std::optional<std::int64_t> FieldReader::optionalNumber(std::string_view path) {
    const json::Value* found = find(path);
    if (found == nullptr) {
        return std::nullopt;
    }
    boost::system::error_code outOfRange;
    const bool whole = found->is_int64() || found->is_uint64();
    const std::int64_t number = whole ? found->to_number<std::int64_t>(outOfRange) : 0;
    if (!whole || outOfRange) {
        wrong(path, "a whole number");
        return std::nullopt;
    }
    return number;
}

std::int64_t FieldReader::number(std::string_view path, std::int64_t fallback) {
    return optionalNumber(path).value_or(fallback);
}

std::optional<bool> FieldReader::optionalFlag(std::string_view path) {
    const json::Value* found = find(path);
    if (found == nullptr) {
        return std::nullopt;
    }
    if (!found->is_bool()) {
        wrong(path, "true or false");
        return std::nullopt;
    }
    return found->get_bool();
}

bool FieldReader::flag(std::string_view path, bool fallback) {
    return optionalFlag(path).value_or(fallback);
}

std::vector<std::string> FieldReader::texts(std::string_view path) {
    std::vector<std::string> result;
    for (const json::Value& item : array(path)) {
        if (!item.is_string()) {
            wrong(path, "a list of strings");
            return {};
        }
        result.emplace_back(item.get_string());
    }
    return result;
}

json::Object FieldReader::object(std::string_view path) {
    const json::Value* found = find(path);
    if (found == nullptr) {
        return {};
    }
    if (!found->is_object()) {
        wrong(path, "an object");
        return {};
    }
    return found->get_object();
}

json::Array FieldReader::array(std::string_view path) {
    const json::Value* found = find(path);
    if (found == nullptr) {
        return {};
    }
    if (!found->is_array()) {
        wrong(path, "a list");
        return {};
    }
    return found->get_array();
}

std::optional<json::Value> FieldReader::value(std::string_view path) {
    const json::Value* found = find(path);
    return found == nullptr ? std::nullopt : std::optional<json::Value>(*found);
}

} // namespace gatehouse::api
