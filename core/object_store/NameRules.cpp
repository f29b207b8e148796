#include "core/object_store/NameRules.h"

#include <algorithm>

namespace gatehouse::names {
namespace {

bool isLower(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool isAlphanumeric(char c) {
    return isLower(c) || (c >= 'A' && c <= 'Z');
}

bool isDnsLabel(std::string_view text) {
    return !text.empty() && isLower(text.front()) && isLower(text.back()) &&
           std::all_of(text.begin(), text.end(), [](char c) { return isLower(c) || c == '-'; });
}

bool isLabelText(std::string_view text) {
    return !text.empty() && isAlphanumeric(text.front()) && isAlphanumeric(text.back()) &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return isAlphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

} // namespace

std::string subdomainProblem(std::string_view text) {
    if (text.size() > 253) {
        return "must be at most 253 characters long";
    }
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find('.', start), text.size());
        if (!isDnsLabel(text.substr(start, end - start))) {
            return "must be lower case letters, digits, '-' and '.', and begin and end with a letter or digit";
        }
        start = end + 1;
    }
    return {};
}

std::string labelNameProblem(std::string_view text) {
    if (text.size() > 63) {
        return "must be at most 63 characters long";
    }
    return isDnsLabel(text) ? std::string()
                            : "must be lower case letters, digits and '-', and begin and end with a letter or digit";
}

std::string qualifiedNameProblem(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash != std::string_view::npos) {
        if (!subdomainProblem(text.substr(0, slash)).empty()) {
            return "must have a DNS name before its '/'";
        }
        text = text.substr(slash + 1);
    }
    if (text.size() > 63 || !isLabelText(text)) {
        return "must be letters, digits, '-', '_' and '.', begin and end with a letter or digit, and be at most 63 "
               "characters long after an optional DNS name and '/'";
    }
    return {};
}

std::string labelValueProblem(std::string_view text) {
    if (text.empty() || (text.size() <= 63 && isLabelText(text))) {
        return {};
    }
    return "must be letters, digits, '-', '_' and '.', begin and end with a letter or digit, and be at most 63 "
           "characters long";
}

std::string dataKeyProblem(std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(),
                                   [](char c) { return isAlphanumeric(c) || c == '-' || c == '_' || c == '.'; });
    if (text.empty() || text.size() > 253 || !plain || text == "." || text.starts_with("..")) {
        return "must be letters, digits, '-', '_' and '.', and at most 253 characters long";
    }
    return {};
}

} // namespace gatehouse::names
