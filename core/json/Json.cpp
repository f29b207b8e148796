#include "core/json/Json.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <unordered_set>
#include <vector>

namespace gatehouse::json {
namespace {

/// Finds duplicate member names and over-deep nesting in text that Boost.JSON has accepted or is about to.
/// A scanner of its own because the parser keeps the last duplicate silently.
class MemberScanner {
public:
    explicit MemberScanner(std::string_view text, std::size_t depth) : m_text(text), m_depth(depth) {}

    /// Empty when fine, else what is wrong. The text must be syntactically valid.
    std::string check() {
        for (m_at = 0; m_at < m_text.size(); ++m_at) {
            switch (m_text[m_at]) {
            case '{':
                m_open.push_back({true, {}});
                m_expectName = true;
                break;
            case '[':
                m_open.push_back({false, {}});
                m_expectName = false;
                break;
            case '}':
            case ']':
                m_open.pop_back();
                m_expectName = false;
                break;
            case ',':
                m_expectName = !m_open.empty() && m_open.back().isObject;
                break;
            case '"': {
                std::string name = readString();
                if (m_expectName) {
                    m_expectName = false;
                    if (!m_open.back().names.insert(name).second) {
                        return "member '" + name.substr(0, 64) + "' stands there twice";
                    }
                }
                break;
            }
            case '-':
            case '0':
            case '1':
            case '2':
            case '3':
            case '4':
            case '5':
            case '6':
            case '7':
            case '8':
            case '9':
                readNumber();
                break;
            default:
                break;
            }
            if (m_open.size() > m_depth) {
                return "nested deeper than " + std::to_string(m_depth) + " levels";
            }
        }
        return {};
    }

    /// The numbers of the text that are no 64-bit integers, in their order.
    [[nodiscard]] const std::vector<std::string_view>& doubles() const { return m_doubles; }

private:
    struct Level {
        bool isObject;
        std::unordered_set<std::string> names;
    };

    /// The string at m_at with escapes resolved (two spellings of one name are the same name); m_at ends on its quote.
    std::string readString() {
        const std::size_t start = m_at;
        bool escaped = false;
        for (++m_at; m_text[m_at] != '"'; ++m_at) {
            if (m_text[m_at] == '\\') {
                escaped = true;
                ++m_at;
            }
        }
        const std::string_view raw = m_text.substr(start, m_at - start + 1);
        if (!escaped || !m_expectName) {
            return std::string(raw.substr(1, raw.size() - 2));
        }
        return std::string(boost::json::parse(raw).as_string());
    }

    /// m_at ends on the number's last character.
    void readNumber() {
        const std::size_t end = std::min(m_text.find_first_not_of("+-0123456789.eE", m_at), m_text.size());
        const std::string_view number = m_text.substr(m_at, end - m_at);
        if (number.find_first_of(".eE") != std::string_view::npos ||
            (!fits<std::int64_t>(number) && !fits<std::uint64_t>(number))) {
            m_doubles.push_back(number);
        }
        m_at = end - 1;
    }

    template <typename Integer>
    static bool fits(std::string_view number) {
        Integer value = 0;
        return std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc();
    }

    std::string_view m_text;
    std::size_t m_depth;
    std::size_t m_at = 0;
    bool m_expectName = false;
    std::vector<Level> m_open;
    std::vector<std::string_view> m_doubles;
};

/// Boost.JSON 1.81 reads some doubles one step beside the nearest one, so that what was written would read back as
/// another number; read them again, exactly. `texts` are those of doubles() not used yet.
void readExactly(Value& value, std::span<const std::string_view>& texts) {
    if (double* number = value.if_double(); number != nullptr && !texts.empty()) {
        const std::string_view text = texts.front();
        texts = texts.subspan(1);
        std::from_chars(text.data(), text.data() + text.size(), *number);
    } else if (Array* array = value.if_array()) {
        for (Value& element : *array) {
            readExactly(element, texts);
        }
    } else if (Object* object = value.if_object()) {
        for (auto& member : *object) {
            readExactly(member.value(), texts);
        }
    }
}

Error syntaxError(std::string_view text, std::size_t offset, const std::string& what) {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
        column = text[i] == '\n' ? 1 : column + 1;
        line += text[i] == '\n' ? 1 : 0;
    }
    return makeError(ErrorKind::BadRequest, "not valid JSON at line " + std::to_string(line) + ", column " +
                                                std::to_string(column) + ": " + what);
}

/// Shortest decimal form that reads back as the same double; Boost would write 1.5 as 1.5E0.
void writeDouble(double number, std::string& out) {
    char buffer[40];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number);
    const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
    out += text;
    if (text.find_first_of(".en") == std::string_view::npos) {
        out += ".0";
    }
}

void writeText(std::string_view text, std::string& out) {
    out += boost::json::serialize(boost::json::string(text));
}

/// Members in the order they are to be written.
std::vector<const boost::json::key_value_pair*> membersOf(const Object& object, bool sorted) {
    std::vector<const boost::json::key_value_pair*> members;
    members.reserve(object.size());
    for (const auto& member : object) {
        members.push_back(&member);
    }
    if (sorted) {
        std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->key() < b->key(); });
    }
    return members;
}

struct Style {
    bool sorted = false;
    bool indented = false;
};

void lineBreak(std::string& out, const Style& style, std::size_t indent) {
    if (style.indented) {
        out += '\n';
        out.append(indent, ' ');
    }
}

void write(const Value& value, std::string& out, const Style& style, std::size_t indent) {
    if (const Object* object = value.if_object()) {
        out += '{';
        bool first = true;
        for (const auto* member : membersOf(*object, style.sorted)) {
            out += first ? "" : ",";
            first = false;
            lineBreak(out, style, indent + 2);
            writeText(member->key(), out);
            out += style.indented ? ": " : ":";
            write(member->value(), out, style, indent + 2);
        }
        if (!first) {
            lineBreak(out, style, indent);
        }
        out += '}';
    } else if (const Array* array = value.if_array()) {
        out += '[';
        for (std::size_t i = 0; i < array->size(); ++i) {
            out += i == 0 ? "" : ",";
            lineBreak(out, style, indent + 2);
            write((*array)[i], out, style, indent + 2);
        }
        if (!array->empty()) {
            lineBreak(out, style, indent);
        }
        out += ']';
    } else if (value.is_double()) {
        writeDouble(value.get_double(), out);
    } else {
        out += boost::json::serialize(value);
    }
}

} // namespace

Result<Value> parse(std::string_view text, Limits limits) {
    if (text.size() > limits.bytes) {
        return failure(ErrorKind::TooLarge, "the JSON is " + std::to_string(text.size()) +
                                                " bytes long, the limit is " + std::to_string(limits.bytes));
    }
    boost::json::parse_options options;
    options.max_depth = limits.depth;
    boost::json::stream_parser parser(boost::json::storage_ptr(), options);
    boost::system::error_code error;
    const std::size_t used = parser.write_some(text.data(), text.size(), error);
    if (!error && used < text.size() && text.find_first_not_of(" \t\r\n", used) != std::string_view::npos) {
        return failure(syntaxError(text, used, "something follows the value"));
    }
    if (!error) {
        parser.finish(error);
    }
    if (error) {
        return failure(syntaxError(text, used, error.message()));
    }
    MemberScanner scanner(text, limits.depth);
    if (std::string problem = scanner.check(); !problem.empty()) {
        return failure(ErrorKind::BadRequest, "not acceptable JSON: " + problem);
    }
    Value value = parser.release();
    if (!scanner.doubles().empty()) {
        std::span<const std::string_view> texts(scanner.doubles());
        readExactly(value, texts);
    }
    return value;
}

std::string compact(const Value& value) {
    std::string out;
    write(value, out, {}, 0);
    return out;
}

std::string canonical(const Value& value) {
    std::string out;
    write(value, out, {.sorted = true}, 0);
    return out;
}

std::string pretty(const Value& value) {
    std::string out;
    write(value, out, {.indented = true}, 0);
    out += '\n';
    return out;
}

const Value* find(const Value& value, std::string_view name) {
    const Object* object = value.if_object();
    return object == nullptr ? nullptr : object->if_contains(name);
}

const Value* at(const Value& value, std::string_view path) {
    const Value* current = &value;
    while (current != nullptr && !path.empty()) {
        const std::size_t dot = path.find('.');
        current = find(*current, path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return current;
}

std::string text(const Value& value, std::string_view path, std::string_view fallback) {
    const Value* found = at(value, path);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string(fallback);
}

std::int64_t number(const Value& value, std::string_view path, std::int64_t fallback) {
    const Value* found = at(value, path);
    if (found != nullptr && found->is_int64()) {
        return found->get_int64();
    }
    if (found != nullptr && found->is_uint64() && found->get_uint64() <= static_cast<std::uint64_t>(INT64_MAX)) {
        return static_cast<std::int64_t>(found->get_uint64());
    }
    return fallback;
}

bool flag(const Value& value, std::string_view path, bool fallback) {
    const Value* found = at(value, path);
    return found != nullptr && found->is_bool() ? found->get_bool() : fallback;
}

Object& objectAt(Object& parent, std::string_view name) {
    Value& member = parent[name];
    if (!member.is_object()) {
        member.emplace_object();
    }
    return member.get_object();
}

} // namespace gatehouse::json
