#include "agent/authorizer/BodyModel.h"

#include <boost/json/basic_parser_impl.hpp>
#include <optional>
#include <unordered_set>

namespace gatehouse::authorizer {
namespace {

constexpr std::size_t MaxDepth = 128;
constexpr std::size_t MaxMembers = 256; ///< at the top level
constexpr std::size_t MaxName = 256;
constexpr std::size_t MaxModelId = 512;

bool equalsFolded(std::string_view text, std::string_view lower) {
    if (text.size() != lower.size()) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower[i]) {
            return false;
        }
    }
    return true;
}

/// Sees every token of the body, keeps the names and the model of the top level. Returning false ends the parse, with
/// `problem` set.
class TopLevel {
public:
    using error_code = boost::system::error_code;
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    std::string problem;
    std::optional<std::string> model;

    bool on_document_begin(error_code&) { return true; }

    bool on_document_end(error_code&) { return true; }

    bool on_object_begin(error_code& ec) { return valueBegins(false, ec) && enter(); }

    bool on_object_end(std::size_t, error_code&) { return leave(); }

    bool on_array_begin(error_code& ec) { return valueBegins(false, ec) && enter(); }

    bool on_array_end(std::size_t, error_code&) { return leave(); }

    bool on_key_part(boost::json::string_view part, std::size_t, error_code& ec) {
        if (m_depth != 1) {
            return true;
        }
        m_name.append(part.data(), part.size());
        return m_name.size() <= MaxName || refuse("a member name is too long", ec);
    }

    bool on_key(boost::json::string_view part, std::size_t size, error_code& ec) {
        return on_key_part(part, size, ec) && (m_depth != 1 || nameEnds(ec));
    }

    bool on_string_part(boost::json::string_view part, std::size_t, error_code& ec) {
        return valueBegins(true, ec) && textPart(part, ec);
    }

    bool on_string(boost::json::string_view part, std::size_t, error_code& ec) {
        if (!valueBegins(true, ec) || !textPart(part, ec)) {
            return false;
        }
        if (m_depth == 1 && m_isModel) {
            model = std::move(m_text);
            m_isModel = false;
        }
        return true;
    }

    bool on_number_part(boost::json::string_view, error_code&) { return true; }

    bool on_int64(std::int64_t, boost::json::string_view, error_code& ec) { return valueBegins(false, ec); }

    bool on_uint64(std::uint64_t, boost::json::string_view, error_code& ec) { return valueBegins(false, ec); }

    bool on_double(double, boost::json::string_view, error_code& ec) { return valueBegins(false, ec); }

    bool on_bool(bool, error_code& ec) { return valueBegins(false, ec); }

    bool on_null(error_code& ec) { return valueBegins(false, ec); }

    bool on_comment_part(boost::json::string_view, error_code&) { return true; }

    bool on_comment(boost::json::string_view, error_code&) { return true; }

private:
    bool refuse(std::string why, error_code& ec) {
        problem = std::move(why);
        ec = boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
        return false;
    }

    bool enter() {
        ++m_depth;
        m_name.clear();
        return true;
    }

    bool leave() {
        --m_depth;
        return true;
    }

    bool valueBegins(bool isText, error_code& ec) {
        if (m_depth == 0 && m_opened) {
            return refuse("the body must be one JSON object", ec);
        }
        if (m_depth == 0) {
            m_opened = true;
            m_topIsObject = !isText;
        }
        if (m_depth == 1 && m_isModel && !isText) {
            return refuse("`model` must be a string", ec);
        }
        return true;
    }

    bool textPart(boost::json::string_view part, error_code& ec) {
        if (m_depth != 1 || !m_isModel) {
            return true;
        }
        m_text.append(part.data(), part.size());
        return m_text.size() <= MaxModelId || refuse("`model` is too long", ec);
    }

    bool nameEnds(error_code& ec) {
        std::string name = std::move(m_name);
        m_name.clear();
        m_isModel = name == "model";
        if (!m_isModel && equalsFolded(name, "model")) {
            return refuse("a member name differs from `model` only in case", ec);
        }
        if (equalsFolded(name, "models") || equalsFolded(name, "fallbacks")) {
            return refuse("`" + name + "` names further models; ask for one with `model`", ec);
        }
        if (name.find('\0') != std::string::npos) {
            return refuse("a member name holds a NUL character", ec);
        }
        if (!m_names.insert(std::move(name)).second) {
            return refuse("a member stands there twice", ec);
        }
        return m_names.size() <= MaxMembers || refuse("too many members", ec);
    }

    std::size_t m_depth = 0;
    bool m_opened = false;
    bool m_topIsObject = false;
    bool m_isModel = false;
    std::string m_name;
    std::string m_text;
    std::unordered_set<std::string> m_names;
};

} // namespace

Result<std::string> readModel(std::string_view body) {
    const std::size_t first = body.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || body[first] != '{') {
        return failure(ErrorKind::BadRequest, "the body must be one JSON object");
    }
    boost::json::parse_options options;
    options.max_depth = MaxDepth;
    boost::json::basic_parser<TopLevel> parser(options);
    boost::system::error_code error;
    const std::size_t used = parser.write_some(false, body.data(), body.size(), error);
    const TopLevel& seen = parser.handler();
    if (!seen.problem.empty()) {
        return failure(ErrorKind::BadRequest, seen.problem);
    }
    if (error || !parser.done() || body.find_first_not_of(" \t\r\n", used) != std::string_view::npos) {
        return failure(ErrorKind::BadRequest, "the body is not valid JSON");
    }
    if (!seen.model) {
        return failure(ErrorKind::BadRequest, "the body names no `model`");
    }
    return *seen.model;
}

} // namespace gatehouse::authorizer
