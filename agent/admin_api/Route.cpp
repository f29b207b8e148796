#include "agent/admin_api/Route.h"

#include "agent/admin_api/Answers.h"
#include "core/http/FieldValue.h"
#include "core/yaml/Yaml.h"

#include <algorithm>

namespace gatehouse::admin_api {
namespace {

constexpr std::size_t MaxSegments = 24;

int hexDigit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<std::string> percentDecode(std::string_view text, bool plusIsBlank) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i] == '+' && plusIsBlank ? ' ' : text[i];
        }
    }
    return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(at + 1);
    }
}

bool isSafeSegment(const std::string& segment) {
    return !segment.empty() && segment != "." && segment != ".." &&
           std::none_of(segment.begin(), segment.end(),
                        [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '/' || c == '\\'; });
}

} // namespace

std::string Route::parameter(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
}

bool Route::flag(const std::string& name) const {
    const std::string value = parameter(name);
    return value == "1" || value == "t" || value == "T" || value == "true" || value == "True" || value == "TRUE";
}

Result<Route> parseRoute(const http_server::Request& request) {
    Route route;
    std::string_view path = request.path;
    path.remove_prefix(std::min<std::size_t>(1, path.size()));
    if (path.ends_with('/')) {
        path.remove_suffix(1);
    }
    if (!path.empty()) {
        for (const auto part : split(path, '/')) {
            auto decoded = percentDecode(part, false);
            if (!decoded || !isSafeSegment(*decoded) || route.segments.size() >= MaxSegments) {
                return failure(ErrorKind::BadRequest, "the request path is not a usable one");
            }
            route.segments.push_back(std::move(*decoded));
        }
    }
    if (!request.query.empty()) {
        for (const auto part : split(request.query, '&')) {
            const std::size_t equals = std::min(part.find('='), part.size());
            auto name = percentDecode(part.substr(0, equals), true);
            auto value = percentDecode(equals < part.size() ? part.substr(equals + 1) : std::string_view(), true);
            if (!name || !value) {
                return failure(ErrorKind::BadRequest, "the request's query cannot be decoded");
            }
            route.query.emplace(std::move(*name), std::move(*value));
        }
    }
    return route;
}

std::optional<ResourcePath> parseResource(const Route& route) {
    const auto& all = route.segments;
    std::size_t at = 0;
    std::string group;
    std::string version;
    if (all.size() >= 3 && all[0] == "api") {
        version = all[1];
        at = 2;
    } else if (all.size() >= 4 && all[0] == "apis") {
        group = all[1];
        version = all[2];
        at = 3;
    } else {
        return std::nullopt;
    }
    ResourcePath path;
    if (all[at] == "namespaces" && all.size() >= at + 3) {
        path.nameSpace = all[at + 1];
        at += 2;
    }
    path.kind = findPlural(group, version, all[at]);
    if (path.kind == nullptr || all.size() > at + 3 || (!path.nameSpace.empty() && !path.kind->type.namespaced)) {
        return std::nullopt;
    }
    if (all.size() > at + 1) {
        path.name = all[at + 1];
        if (path.kind->type.namespaced && path.nameSpace.empty()) {
            return std::nullopt;
        }
    }
    if (all.size() > at + 2) {
        path.subresource = all[at + 2];
    }
    return path;
}

std::string mediaType(std::string_view contentType) {
    std::string type(http::trimmed(contentType.substr(0, contentType.find(';'))));
    std::transform(type.begin(), type.end(), type.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return type;
}

Result<Form> chooseForm(std::string_view accept) {
    if (http::trimmed(accept).empty()) {
        return Form::Json;
    }
    for (const auto entry : split(accept, ',')) {
        const std::string type = mediaType(entry);
        if (type != "application/json" && type != "*/*" && type != "application/*") {
            continue;
        }
        std::string as;
        std::string version;
        for (const auto parameter : split(entry, ';')) {
            const std::string_view word = http::trimmed(parameter);
            as = word.starts_with("as=") ? std::string(word.substr(3)) : as;
            version = word.starts_with("v=") ? std::string(word.substr(2)) : version;
        }
        if (as.empty()) {
            return Form::Json;
        }
        if (as == "Table" && version == "v1") {
            return Form::Table;
        }
    }
    return failure(withStatus(406, ErrorKind::Unsupported, "nothing that the client accepts can be served here",
                              "accept application/json"));
}

Result<json::Value> readBody(const http_server::Request& request) {
    const std::string type = mediaType(request.headers.value("Content-Type"));
    if (type.empty() || type == "application/json" || type.ends_with("+json")) {
        return json::parse(request.body);
    }
    if (type == "application/yaml" || type == "text/yaml" || type == "application/x-yaml" || type.ends_with("+yaml")) {
        return yaml::readOne(request.body);
    }
    return failure(withStatus(415, ErrorKind::Unsupported,
                              "a body of type " + type.substr(0, 100) + " is not read here",
                              "send application/json or application/yaml"));
}

} // namespace gatehouse::admin_api
