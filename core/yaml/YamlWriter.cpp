#include "core/yaml/Yaml.h"

#include <algorithm>

namespace gatehouse::yaml {
namespace {

/// Whether a plain scalar could be read back as anything but this string, by us or by a YAML 1.1 reader.
bool needsQuotes(std::string_view text) {
    static constexpr std::string_view words[] = {"null", "true", "false", "yes",  "no",   "on",    "off",
                                                 "y",    "n",    "~",     ".nan", ".inf", "-.inf", "+.inf"};
    if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':') {
        return true;
    }
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(c < 128 ? std::tolower(c) : c); });
    if (std::find(std::begin(words), std::end(words), lower) != std::end(words)) {
        return true;
    }
    if (std::string_view("-?:,[]{}#&*!|>'\"%@`=<").find(text.front()) != std::string_view::npos &&
        !(text.size() > 2 && text[0] == '-' && text[1] == '-')) {
        return true;
    }
    if ((text.front() >= '0' && text.front() <= '9') || text.front() == '.' || text.front() == '+') {
        return true;
    }
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }) ||
           text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos;
}

/// A literal block keeps lines readable; only text that round-trips through one is written so.
bool fitsLiteralBlock(std::string_view text) {
    if (text.find('\n') == std::string_view::npos || text.front() == ' ' || text.front() == '\n') {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const bool trailing = (c == ' ' || c == '\t') && i + 1 < text.size() && text[i + 1] == '\n';
        if ((c < 0x20 && c != '\n') || c == 0x7f || trailing) {
            return false;
        }
    }
    return !text.ends_with("\n\n");
}

std::string scalar(const json::Value& value) {
    if (const auto* string = value.if_string()) {
        const std::string_view text(*string);
        return needsQuotes(text) ? boost::json::serialize(value) : std::string(text);
    }
    if (value.is_object()) {
        return "{}";
    }
    if (value.is_array()) {
        return "[]";
    }
    return json::compact(value);
}

void writeBlock(const json::Value& value, std::string& out, std::size_t indent);

void writeMember(const json::Value& value, std::string& out, std::size_t indent) {
    if (const auto* string = value.if_string(); string != nullptr && fitsLiteralBlock(*string)) {
        const std::string_view text(*string);
        out += text.ends_with('\n') ? " |\n" : " |-\n";
        std::size_t start = 0;
        while (start < text.size()) {
            const std::size_t end = std::min(text.find('\n', start), text.size());
            if (end > start) {
                out += std::string(indent + 2, ' ');
                out += text.substr(start, end - start);
            }
            out += '\n';
            start = end + 1;
        }
        return;
    }
    const bool nested =
        (value.is_object() && !value.get_object().empty()) || (value.is_array() && !value.get_array().empty());
    if (!nested) {
        out += " " + scalar(value) + "\n";
        return;
    }
    out += '\n';
    writeBlock(value, out, value.is_array() ? indent : indent + 2);
}

void writeBlock(const json::Value& value, std::string& out, std::size_t indent) {
    const std::string pad(indent, ' ');
    if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
        for (const auto& member : *object) {
            const json::Value name(member.key());
            out += pad + scalar(name) + ":";
            writeMember(member.value(), out, indent);
        }
    } else if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
        for (const auto& item : *array) {
            const bool nested =
                (item.is_object() && !item.get_object().empty()) || (item.is_array() && !item.get_array().empty());
            if (!nested) {
                out += pad + "-";
                writeMember(item, out, indent);
                continue;
            }
            std::string block;
            writeBlock(item, block, indent + 2);
            block[indent] = '-';
            out += block;
        }
    } else {
        out += pad + scalar(value) + "\n";
    }
}

} // namespace

std::string write(const json::Value& value) {
    std::string out;
    writeBlock(value, out, 0);
    return out;
}

} // namespace gatehouse::yaml
