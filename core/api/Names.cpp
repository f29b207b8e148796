#include "core/api/Names.h"

#include "core/crypto/Crypto.h"

#include <algorithm>
#include <cctype>

namespace gatehouse::api {
namespace {

bool isLower(char c) {
    return c >= 'a' && c <= 'z';
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool isAlphanumeric(char c) {
    return isLower(c) || isDigit(c) || (c >= 'A' && c <= 'Z');
}

/// A label of a DNS name, without its length.
bool isDnsPart(std::string_view text) {
    return !text.empty() && text.front() != '-' && text.back() != '-' &&
           std::all_of(text.begin(), text.end(), [](char c) { return isLower(c) || isDigit(c) || c == '-'; });
}

/// Begins and ends with a letter or digit; '-', '_' and '.' between.
bool isNamePart(std::string_view text) {
    return !text.empty() && text.size() <= 63 && isAlphanumeric(text.front()) && isAlphanumeric(text.back()) &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return isAlphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

/// Lower case, everything foreign a single '-', none at the ends.
std::string dashed(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if (isLower(lower) || isDigit(lower)) {
            result += lower;
        } else if (!result.empty() && result.back() != '-') {
            result += '-';
        }
    }
    while (!result.empty() && result.back() == '-') {
        result.pop_back();
    }
    return result;
}

} // namespace

bool isDnsSubdomain(std::string_view text) {
    if (text.empty() || text.size() > 253) {
        return false;
    }
    while (true) {
        const std::size_t dot = text.find('.');
        if (!isDnsPart(text.substr(0, dot))) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        text.remove_prefix(dot + 1);
    }
}

bool isDnsLabel(std::string_view text) {
    return text.size() <= 63 && isDnsPart(text);
}

bool isServiceName(std::string_view text) {
    return isDnsLabel(text) && isLower(text.front());
}

bool isQualifiedName(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) {
        return isNamePart(text);
    }
    return isDnsSubdomain(text.substr(0, slash)) && isNamePart(text.substr(slash + 1));
}

bool isLabelValue(std::string_view text) {
    return text.empty() || isNamePart(text);
}

bool isDataKey(std::string_view text) {
    return !text.empty() && text.size() <= 253 && text != "." && text != ".." && !text.starts_with("..") &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return isAlphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

std::string suggestServiceName(std::string_view text, std::size_t most) {
    std::string name = dashed(text);
    if (name.empty() || !isLower(name.front())) {
        name = "m-" + name;
    }
    name.resize(std::min(name.size(), most));
    while (!name.empty() && name.back() == '-') {
        name.pop_back();
    }
    return name;
}

std::string slug(std::string_view name) {
    std::string result = dashed(name);
    if (result.size() <= 48) {
        return result;
    }
    result.resize(48);
    while (!result.empty() && result.back() == '-') {
        result.pop_back();
    }
    return result + "-" + crypto::sha256Hex(name).substr(0, 8);
}

} // namespace gatehouse::api
