#include "core/evidence/Escape.h"

#include <cctype>
#include <cstdint>
#include <cstdio>

namespace gatehouse::evidence {
namespace {

struct CodePoint {
    std::uint32_t value = 0xFFFD;
    std::size_t length = 1;
    bool valid = false;
};

/// The code point at `at`; overlong forms, surrogates and values above U+10FFFF are not valid.
CodePoint codePointAt(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    const std::uint32_t first = byte(at);
    if (first < 0x80) {
        return {first, 1, true};
    }
    const std::size_t length = first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + length > text.size()) {
        return {};
    }
    std::uint32_t value = first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const std::uint32_t next = byte(at + i);
        if ((next & 0xC0U) != 0x80) {
            return {};
        }
        value = value << 6U | (next & 0x3FU);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    if (overlong || (value >= 0xD800 && value <= 0xDFFF) || value > 0x10FFFF) {
        return {};
    }
    return {value, length, true};
}

bool isHidden(std::uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || c == 0x180E ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
           c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c & 0xFFFEU) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF) ||
           (c >= 0xE0000 && c <= 0xE007F);
}

std::string spell(std::uint32_t c) {
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, "\\u{%04X}", c);
    return buffer;
}

std::string transform(std::string_view text, bool hide, bool keepLines) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = codePointAt(text, at);
        const bool lineEnd = keepLines && (point.value == '\n' || point.value == '\t');
        const bool beforeLineEnd = keepLines && point.value == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
        if (!point.valid) {
            out += "\xEF\xBF\xBD";
        } else if (hide && beforeLineEnd) {
            // "\r\n" becomes "\n": the documents have Unix line ends.
        } else if (hide && !lineEnd && isHidden(point.value)) {
            out += spell(point.value);
        } else {
            out.append(text.substr(at, point.length));
        }
        at += point.length;
    }
    return out;
}

std::string escapeMarkup(std::string_view text, const char* apostrophe) {
    std::string out;
    for (const char c : visible(text)) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += apostrophe;
            break;
        default:
            out += c;
        }
    }
    return out;
}

/// Whether GFM would make a link of what stands around `at` ("https://…", "www.…").
bool startsAutolink(std::string_view text, std::size_t at) {
    if (text[at] == ':') {
        return text.substr(at).starts_with("://");
    }
    if (text[at] != '.' || at < 3) {
        return false;
    }
    const auto isW = [&](std::size_t i) { return text[i] == 'w' || text[i] == 'W'; };
    return isW(at - 1) && isW(at - 2) && isW(at - 3);
}

} // namespace

std::string validUtf8(std::string_view text) {
    return transform(text, false, true);
}

json::Value validJson(const json::Value& value) {
    if (value.is_string()) {
        return json::Value(validUtf8(std::string_view(value.get_string())));
    }
    if (const json::Array* array = value.if_array()) {
        json::Array out;
        for (const json::Value& item : *array) {
            out.push_back(validJson(item));
        }
        return out;
    }
    if (const json::Object* object = value.if_object()) {
        json::Object out;
        for (const auto& member : *object) {
            out[validUtf8(std::string_view(member.key()))] = validJson(member.value());
        }
        return out;
    }
    return value;
}

std::string visible(std::string_view text) {
    return transform(text, true, false);
}

std::string visibleLines(std::string_view text) {
    return transform(text, true, true);
}

std::string markdown(std::string_view text) {
    static constexpr std::string_view special = "\\`*_[]<>#~&!$@";
    const std::string source = visible(text);
    std::string out;
    for (std::size_t i = 0; i < source.size(); ++i) {
        const char c = source[i];
        if (c == '|') {
            out += "&#124;"; // renderers differ in how they see "\\|" in a table
            continue;
        }
        if (special.find(c) != std::string_view::npos || startsAutolink(source, i)) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string markdownCode(std::string_view text) {
    if (text.empty()) {
        return "–";
    }
    const std::string source = visible(text);
    const bool plain =
        source.find_first_of("`|\\<") == std::string::npos && source.front() != ' ' && source.back() != ' ';
    if (plain) {
        return '`' + source + '`';
    }
    // Character references start no markup and split no table cell, unlike backslashes, which renderers treat
    // differently.
    std::string out = "<code>";
    for (const char c : source) {
        out += std::ispunct(static_cast<unsigned char>(c)) != 0 ? "&#" + std::to_string(static_cast<int>(c)) + ";"
                                                                : std::string(1, c);
    }
    return out + "</code>";
}

std::string html(std::string_view text) {
    return escapeMarkup(text, "&#39;");
}

std::string xml(std::string_view text) {
    return escapeMarkup(text, "&apos;");
}

std::string csvCell(std::string_view text) {
    std::string cell = visible(text);
    const std::size_t start = cell.find_first_not_of(' ');
    const std::string_view head =
        start == std::string::npos ? std::string_view() : std::string_view(cell).substr(start);
    static constexpr std::string_view wide[] = {"＝", "＋", "－", "＠"};
    bool formula = !head.empty() && std::string_view("=+-@|%\\").find(head.front()) != std::string_view::npos;
    for (const std::string_view sign : wide) {
        formula = formula || head.starts_with(sign);
    }
    if (formula) {
        cell.insert(0, 1, '\'');
    }
    if (cell.find_first_of(",\"\n;") == std::string::npos && cell.find_first_of(" '") != 0) {
        return cell;
    }
    std::string quoted = "\"";
    for (const char c : cell) {
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    }
    return quoted + '"';
}

} // namespace gatehouse::evidence
