#include "core/yaml/Yaml.h"

#include <charconv>
#include <cmath>
#include <yaml.h>

namespace gatehouse::yaml {
namespace {

class EventStream {
public:
    explicit EventStream(std::string_view text) {
        yaml_parser_initialize(&m_parser);
        yaml_parser_set_encoding(&m_parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&m_parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    }

    EventStream(const EventStream&) = delete;
    EventStream& operator=(const EventStream&) = delete;

    ~EventStream() {
        yaml_event_delete(&m_event);
        yaml_parser_delete(&m_parser);
    }

    /// The next event, valid until the next call; null after a syntax error.
    const yaml_event_t* next() {
        yaml_event_delete(&m_event);
        m_event = {};
        return yaml_parser_parse(&m_parser, &m_event) != 0 ? &m_event : nullptr;
    }

    [[nodiscard]] Error error() const {
        const char* what = m_parser.problem != nullptr ? m_parser.problem : "unreadable";
        return makeError(ErrorKind::BadRequest, "not valid YAML at line " +
                                                    std::to_string(m_parser.problem_mark.line + 1) + ", column " +
                                                    std::to_string(m_parser.problem_mark.column + 1) + ": " + what);
    }

private:
    yaml_parser_t m_parser{};
    yaml_event_t m_event{};
};

bool isPlainNumber(std::string_view text, bool& integer) {
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const auto run = [&] {
        const std::size_t start = at;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
            ++at;
        }
        return at - start;
    };
    const std::size_t first = at;
    const std::size_t whole = run();
    if (whole == 0 || (whole > 1 && text[first] == '0')) {
        return false;
    }
    integer = at == text.size();
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (run() == 0) {
            return false;
        }
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        at += at < text.size() && (text[at] == '+' || text[at] == '-') ? 1 : 0;
        if (run() == 0) {
            return false;
        }
    }
    return at == text.size();
}

json::Value plainScalar(std::string_view text) {
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
        return nullptr;
    }
    if (text == "true" || text == "True" || text == "TRUE") {
        return true;
    }
    if (text == "false" || text == "False" || text == "FALSE") {
        return false;
    }
    bool integer = false;
    if (isPlainNumber(text, integer)) {
        if (integer) {
            std::int64_t number = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
            if (error == std::errc() && end == text.data() + text.size()) {
                return number;
            }
        }
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size() && std::isfinite(number)) {
            return number;
        }
    }
    return json::Value(text);
}

/// Builds values out of events, with every bound checked as it goes.
class Builder {
public:
    Builder(EventStream& events, const Limits& limits) : m_events(events), m_limits(limits) {}

    Result<json::Value> node(const yaml_event_t& event, std::size_t depth) {
        if (++m_nodes > m_limits.nodes) {
            return failure(limit("more than " + std::to_string(m_limits.nodes) + " values", event));
        }
        if (depth > m_limits.depth) {
            return failure(limit("nested deeper than " + std::to_string(m_limits.depth) + " levels", event));
        }
        switch (event.type) {
        case YAML_ALIAS_EVENT:
            return failure(refused("aliases (*name) are not accepted; write the value out", event));
        case YAML_SCALAR_EVENT:
            return scalar(event);
        case YAML_SEQUENCE_START_EVENT:
            return sequence(depth);
        case YAML_MAPPING_START_EVENT:
            return mapping(depth);
        default:
            return failure(refused("unexpected structure", event));
        }
    }

private:
    static std::string line(const yaml_event_t& event) { return "line " + std::to_string(event.start_mark.line + 1); }

    static Error refused(const std::string& what, const yaml_event_t& event) {
        return makeError(ErrorKind::BadRequest, "not acceptable YAML at " + line(event) + ": " + what);
    }

    static Error limit(const std::string& what, const yaml_event_t& event) {
        return makeError(ErrorKind::TooLarge, "the YAML is too large at " + line(event) + ": " + what);
    }

    Result<json::Value> scalar(const yaml_event_t& event) const {
        const std::string_view text(reinterpret_cast<const char*>(event.data.scalar.value), event.data.scalar.length);
        const char* tag = reinterpret_cast<const char*>(event.data.scalar.tag);
        if (tag != nullptr && std::string_view(tag) != "!" && std::string_view(tag) != YAML_STR_TAG) {
            return failure(refused("the tag " + std::string(tag) + " is not accepted", event));
        }
        if (tag == nullptr && event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
            return plainScalar(text);
        }
        return json::Value(text);
    }

    Result<json::Value> sequence(std::size_t depth) {
        json::Array array;
        while (const yaml_event_t* event = m_events.next()) {
            if (event->type == YAML_SEQUENCE_END_EVENT) {
                return json::Value(std::move(array));
            }
            auto item = node(*event, depth + 1);
            if (!item) {
                return item;
            }
            array.push_back(std::move(*item));
        }
        return failure(m_events.error());
    }

    Result<json::Value> mapping(std::size_t depth) {
        json::Object object;
        while (const yaml_event_t* event = m_events.next()) {
            if (event->type == YAML_MAPPING_END_EVENT) {
                return json::Value(std::move(object));
            }
            if (event->type != YAML_SCALAR_EVENT) {
                return failure(refused("a member name must be a plain word", *event));
            }
            const std::string name(reinterpret_cast<const char*>(event->data.scalar.value), event->data.scalar.length);
            if (object.contains(name)) {
                return failure(refused("member '" + name.substr(0, 64) + "' stands there twice", *event));
            }
            const yaml_event_t* valueEvent = m_events.next();
            if (valueEvent == nullptr) {
                return failure(m_events.error());
            }
            auto value = node(*valueEvent, depth + 1);
            if (!value) {
                return value;
            }
            object.emplace(name, std::move(*value));
        }
        return failure(m_events.error());
    }

    EventStream& m_events;
    const Limits& m_limits;
    std::size_t m_nodes = 0;
};

} // namespace

Result<std::vector<Document>> readAll(std::string_view text, Limits limits) {
    if (text.size() > limits.bytes) {
        return failure(ErrorKind::TooLarge,
                       "the YAML is " + std::to_string(text.size()) + " bytes long, the limit is " +
                           std::to_string(limits.bytes),
                       "split it into smaller files");
    }
    EventStream events(text);
    Builder builder(events, limits);
    std::vector<Document> documents;
    while (const yaml_event_t* event = events.next()) {
        switch (event->type) {
        case YAML_STREAM_END_EVENT:
            return documents;
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT:
            break;
        case YAML_DOCUMENT_START_EVENT: {
            const yaml_event_t* root = events.next();
            if (root == nullptr) {
                return failure(events.error());
            }
            const std::size_t line = root->start_mark.line + 1;
            auto value = builder.node(*root, 1);
            if (!value) {
                return failure(std::move(value.error()));
            }
            if (!value->is_null()) {
                documents.push_back({std::move(*value), line});
            }
            if (documents.size() > limits.documents) {
                return failure(ErrorKind::TooLarge,
                               "the YAML holds more than " + std::to_string(limits.documents) + " documents");
            }
            break;
        }
        default:
            return failure(ErrorKind::BadRequest, "not valid YAML");
        }
    }
    return failure(events.error());
}

Result<json::Value> readOne(std::string_view text, Limits limits) {
    auto documents = readAll(text, limits);
    if (!documents) {
        return failure(std::move(documents.error()));
    }
    if (documents->size() != 1) {
        return failure(ErrorKind::BadRequest, "expected one YAML document, found " + std::to_string(documents->size()));
    }
    return std::move(documents->front().value);
}

} // namespace gatehouse::yaml
