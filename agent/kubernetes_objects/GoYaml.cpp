#include "agent/kubernetes_objects/GoYaml.h"

#include <QRegularExpression>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace gatehouse::kubernetes_objects {
namespace {

bool isAsciiDigit(char c) {
    return c >= '0' && c <= '9';
}

/// Non-ASCII bytes count as letters: keys outside ASCII sort by their bytes.
bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

/// The run of digits at `at`: its value (saturating) and where it ends.
std::pair<std::uint64_t, std::size_t> numberAt(std::string_view text, std::size_t at) {
    std::uint64_t value = 0;
    std::size_t end = at;
    for (; end < text.size() && isAsciiDigit(text[end]); ++end) {
        value = value > 100'000'000'000'000'000U ? value : value * 10 + static_cast<std::uint64_t>(text[end] - '0');
    }
    return {value, end};
}

/// yaml.v2's order of member names: letters after everything else, numbers by value.
bool goesBefore(std::string_view a, std::string_view b) {
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
        if (a[i] == b[i]) {
            continue;
        }
        const bool aLetter = isLetter(a[i]);
        const bool bLetter = isLetter(b[i]);
        if (aLetter && bLetter) {
            return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[i]);
        }
        if (aLetter || bLetter) {
            return bLetter;
        }
        const auto [aNumber, aEnd] = numberAt(a, i);
        const auto [bNumber, bEnd] = numberAt(b, i);
        if (aNumber != bNumber) {
            return aNumber < bNumber;
        }
        return aEnd != bEnd ? aEnd < bEnd : a[i] < b[i];
    }
    return a.size() < b.size();
}

/// Whether a plain scalar would be read as something other than a string (YAML 1.1 as yaml.v2 reads it).
bool readsAsAnotherType(const std::string& text) {
    static constexpr std::array<std::string_view, 32> Words{
        "",   "~",  "null", "Null", "NULL", "y",    "Y",    "yes",   "Yes",   "YES",   "n",
        "N",  "no", "No",   "NO",   "true", "True", "TRUE", "false", "False", "FALSE", "on",
        "On", "ON", "off",  "Off",  "OFF",  ".nan", ".NaN", ".NAN",  ".inf",  ".Inf"};
    if (std::find(Words.begin(), Words.end(), std::string_view(text)) != Words.end()) {
        return true;
    }
    static const QRegularExpression number(QStringLiteral(
        "\\A(?:[-+]?(?:0x[0-9a-fA-F_]+|0b[01_]+|0o?[0-7_]+|[0-9][0-9_]*)|[-+]?(?:\\.[0-9]+|[0-9][0-9_]*(?:\\.[0-9_]*)?)"
        "(?:[eE][-+]?[0-9]+)?|[-+]?\\.(?:inf|Inf|INF)|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?)\\z"));
    static const QRegularExpression date(QStringLiteral("\\A[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \\t].*)?\\z"));
    const QString subject = QString::fromStdString(text);
    return text.size() <= 64 && (number.match(subject).hasMatch() || date.match(subject).hasMatch());
}

std::size_t charactersOf(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool isControl(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
}

/// What the emitter refuses as a plain scalar in block context.
bool needsSingleQuotes(const std::string& text) {
    if (text.starts_with("---") || text.starts_with("...") || text.front() == ' ' || text.back() == ' ' ||
        text.front() == '\t' || text.back() == '\t') {
        return true;
    }
    const bool spaceSecond = text.size() == 1 || text[1] == ' ' || text[1] == '\t';
    if (std::string_view("#,[]{}&*!|>'\"%@`").find(text.front()) != std::string_view::npos ||
        ((text.front() == '-' || text.front() == '?' || text.front() == ':') && spaceSecond)) {
        return true;
    }
    for (std::size_t i = 1; i < text.size(); ++i) {
        const bool spaceNext = i + 1 == text.size() || text[i + 1] == ' ' || text[i + 1] == '\t';
        if ((text[i] == ':' && spaceNext) || (text[i] == '#' && (text[i - 1] == ' ' || text[i - 1] == '\t'))) {
            return true;
        }
    }
    return false;
}

/// Where text begins on its line, and where it goes on when the emitter breaks it.
struct Place {
    std::size_t column;
    std::size_t indent;
    bool breaks; ///< false for member names
};

/// yaml.v2 breaks a line at the first single space beyond column 80; it counts characters.
class FoldedText {
public:
    explicit FoldedText(Place place) : m_place(place) {}

    void add(std::string_view text) {
        m_text += text;
        m_place.column += charactersOf(text);
    }

    [[nodiscard]] bool mayBreak() const { return m_place.breaks && m_place.column > 80; }

    void newLine() {
        m_text += "\n" + std::string(m_place.indent, ' ');
        m_place.column = m_place.indent;
    }

    std::string take() { return std::move(m_text); }

private:
    Place m_place;
    std::string m_text;
};

bool isSpaceAt(const std::string& text, std::size_t at) {
    return at < text.size() && text[at] == ' ';
}

std::string plainText(const std::string& text, Place place) {
    FoldedText result(place);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ' ' && result.mayBreak() && !isSpaceAt(text, i - 1) && !isSpaceAt(text, i + 1)) {
            result.newLine();
        } else {
            result.add(std::string_view(&text[i], 1));
        }
    }
    return result.take();
}

std::string escaped(char c) {
    static constexpr std::string_view Hex = "0123456789ABCDEF";
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\t':
        return "\\t";
    case '\r':
        return "\\r";
    default:
        break;
    }
    const auto byte = static_cast<unsigned char>(c);
    return isControl(c) ? std::string("\\x") + Hex[byte >> 4U] + Hex[byte & 0xFU] : std::string(1, c);
}

std::string doubleQuoted(const std::string& text, Place place) {
    FoldedText result(place);
    result.add("\"");
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool inside = i > 0 && i + 1 < text.size();
        if (text[i] == ' ' && inside && result.mayBreak() && !isSpaceAt(text, i - 1)) {
            result.newLine();
            result.add(isSpaceAt(text, i + 1) ? "\\" : "");
        } else {
            result.add(escaped(text[i]));
        }
    }
    result.add("\"");
    return result.take();
}

std::string singleQuoted(const std::string& text, Place place) {
    FoldedText result(place);
    result.add("'");
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool inside = i > 0 && i + 1 < text.size();
        if (text[i] == ' ' && inside && result.mayBreak() && !isSpaceAt(text, i - 1) && !isSpaceAt(text, i + 1)) {
            result.newLine();
        } else {
            result.add(text[i] == '\'' ? std::string_view("''") : std::string_view(&text[i], 1));
        }
    }
    result.add("'");
    return result.take();
}

std::string literalBlock(const std::string& text, std::size_t indent) {
    std::string result = "|";
    if (text.front() == ' ' || text.front() == '\n') {
        result += "2";
    }
    if (!text.ends_with('\n')) {
        result += "-";
    } else if (text.size() == 1 || text[text.size() - 2] == '\n') {
        result += "+";
    }
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        result += "\n";
        if (!line.empty()) {
            result += std::string(indent, ' ') + std::string(line);
        }
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return result;
}

std::string scalarText(const std::string& text, Place place) {
    const bool special = std::any_of(text.begin(), text.end(), [](char c) { return isControl(c) || c == '\t'; });
    if (text.find('\n') != std::string::npos) {
        return special || !place.breaks ? doubleQuoted(text, place) : literalBlock(text, place.indent);
    }
    if (special || readsAsAnotherType(text)) {
        return doubleQuoted(text, place);
    }
    return needsSingleQuotes(text) ? singleQuoted(text, place) : plainText(text, place);
}

/// Go's %g with the shortest form that reads back the same.
std::string floatText(double number) {
    if (std::floor(number) == number && std::fabs(number) < 1e18) {
        return std::to_string(static_cast<std::int64_t>(number));
    }
    for (int precision = 1; precision <= 17; ++precision) {
        std::array<char, 40> buffer{};
        std::snprintf(buffer.data(), buffer.size(), "%.*g", precision, number);
        if (std::strtod(buffer.data(), nullptr) == number) {
            return buffer.data();
        }
    }
    return std::to_string(number);
}

class GoYamlWriter {
public:
    std::string write(const json::Value& value) {
        node(value, 0, false);
        return std::move(m_out);
    }

private:
    static bool isBlock(const json::Value& value) {
        return (value.is_object() && !value.get_object().empty()) || (value.is_array() && !value.get_array().empty());
    }

    static std::string scalar(const json::Value& value, Place place) {
        switch (value.kind()) {
        case boost::json::kind::object:
            return "{}";
        case boost::json::kind::array:
            return "[]";
        case boost::json::kind::string:
            return scalarText(std::string(value.get_string()), place);
        case boost::json::kind::double_:
            return floatText(value.get_double());
        default:
            return json::compact(value);
        }
    }

    /// `continues`: the first line follows "- " on the line that is already begun.
    void node(const json::Value& value, std::size_t indent, bool continues) {
        if (!isBlock(value)) {
            m_out += scalar(value, {indent, std::max<std::size_t>(indent, 2), true}) + "\n";
        } else if (const json::Object* object = value.if_object()) {
            mapping(*object, indent, continues);
        } else {
            sequence(value.get_array(), indent, continues);
        }
    }

    void mapping(const json::Object& object, std::size_t indent, bool continues) {
        std::vector<const json::Object::value_type*> members;
        for (const auto& member : object) {
            members.push_back(&member);
        }
        std::sort(members.begin(), members.end(),
                  [](const auto* a, const auto* b) { return goesBefore(a->key(), b->key()); });
        for (const auto* member : members) {
            startLine(indent, continues);
            const std::string name = scalarText(std::string(member->key()), {indent, indent, false});
            m_out += name + ":";
            const json::Value& value = member->value();
            if (!isBlock(value)) {
                m_out += " " + scalar(value, {indent + charactersOf(name) + 2, indent + 2, true}) + "\n";
            } else {
                m_out += "\n";
                node(value, value.is_object() ? indent + 2 : indent, false);
            }
        }
    }

    void sequence(const json::Array& array, std::size_t indent, bool continues) {
        for (const json::Value& item : array) {
            startLine(indent, continues);
            m_out += "- ";
            node(item, indent + 2, true);
        }
    }

    void startLine(std::size_t indent, bool& continues) {
        if (!continues) {
            m_out += std::string(indent, ' ');
        }
        continues = false;
    }

    std::string m_out;
};

} // namespace

std::string goYaml(const json::Value& value) {
    return GoYamlWriter().write(value);
}

} // namespace gatehouse::kubernetes_objects
