#include "core/http/Message.h"

#include <algorithm>

namespace gatehouse::http {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view Headers::value(std::string_view name) const {
    for (const auto& [key, value] : m_fields) {
        if (equalsIgnoringCase(key, name)) {
            return value;
        }
    }
    return {};
}

bool Headers::contains(std::string_view name) const {
    return std::any_of(m_fields.begin(), m_fields.end(),
                       [name](const Field& field) { return equalsIgnoringCase(field.first, name); });
}

void Headers::set(std::string_view name, std::string value) {
    remove(name);
    m_fields.emplace_back(std::string(name), std::move(value));
}

void Headers::remove(std::string_view name) {
    std::erase_if(m_fields, [name](const Field& field) { return equalsIgnoringCase(field.first, name); });
}

} // namespace gatehouse::http
