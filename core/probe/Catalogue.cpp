#include "core/probe/Catalogue.h"

#include <algorithm>
#include <charconv>

namespace gatehouse::probe {
namespace {

std::string loweredText(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

bool headerMatches(const HttpResponse& response, const std::pair<std::string, std::string>& wanted) {
    return std::any_of(response.headers.begin(), response.headers.end(), [&](const HttpHeader& header) {
        return equalsIgnoringCase(header.name, wanted.first) &&
               (wanted.second == "*" ||
                loweredText(header.value).find(loweredText(wanted.second)) != std::string::npos);
    });
}

std::string withoutLineEnd(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.pop_back();
    }
    return text;
}

void putModel(json::Value& value, const std::string& model) {
    if (json::Object* object = value.if_object()) {
        for (auto& member : *object) {
            putModel(member.value(), model);
        }
    } else if (json::Array* array = value.if_array()) {
        for (json::Value& item : *array) {
            putModel(item, model);
        }
    } else if (value.is_string() && value.get_string() == "${model}") {
        value = model;
    }
}

} // namespace

Answer::Answer(const HttpResponse& response) : m_response(response) {
    const std::size_t first = response.body.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && (response.body[first] == '{' || response.body[first] == '[')) {
        if (Result<json::Value> value = json::parse(response.body, {256U << 10, 32})) {
            m_json = std::move(*value);
        }
    }
}

bool Fingerprint::matches(const Answer& answer) const {
    const HttpResponse& response = answer.response();
    const json::Value* body = answer.body();
    if (!status.empty() && std::find(status.begin(), status.end(), response.status) == status.end()) {
        return false;
    }
    if (emptyBody && !response.body.empty()) {
        return false;
    }
    if (bodyEquals && withoutLineEnd(response.body) != *bodyEquals) {
        return false;
    }
    return std::all_of(headers.begin(), headers.end(),
                       [&](const auto& each) { return headerMatches(response, each); }) &&
           std::none_of(absentHeaders.begin(), absentHeaders.end(),
                        [&](const std::string& name) { return response.header(name) != nullptr; }) &&
           std::all_of(bodyContains.begin(), bodyContains.end(),
                       [&](const std::string& text) { return response.body.find(text) != std::string::npos; }) &&
           std::all_of(jsonEquals.begin(), jsonEquals.end(),
                       [&](const auto& each) {
                           const json::Value* found = body == nullptr ? nullptr : json::at(*body, each.first);
                           return found != nullptr && *found == each.second;
                       }) &&
           std::all_of(jsonHas.begin(), jsonHas.end(),
                       [&](const std::string& path) { return body != nullptr && json::at(*body, path) != nullptr; });
}

std::string Route::bodyFor(const std::string& model) const {
    if (!body) {
        return rawBody;
    }
    json::Value filled = *body;
    putModel(filled, model);
    return json::compact(filled);
}

bool Route::namesModel() const {
    return body && json::compact(*body).find("${model}") != std::string::npos;
}

const EngineFacts* Catalogue::engine(std::string_view name) const {
    const auto found = std::find_if(m_engines.begin(), m_engines.end(), [&](const EngineFacts& each) {
        return each.role == Role::Engine && each.name == name;
    });
    return found == m_engines.end() ? nullptr : &*found;
}

std::vector<Route> Catalogue::routesOf(const EngineFacts& engine, const std::string& version) const {
    std::vector<Route> routes;
    const auto add = [&](const Route& route) {
        const bool tooOld = !version.empty() && !route.since.empty() && compareVersions(version, route.since) < 0;
        const bool tooNew = !version.empty() && !route.until.empty() && compareVersions(version, route.until) >= 0;
        const bool there =
            std::any_of(routes.begin(), routes.end(), [&](const Route& other) { return other.name() == route.name(); });
        if (!tooOld && !tooNew && !there) {
            routes.push_back(route);
        }
    };
    std::for_each(engine.routes.begin(), engine.routes.end(), add);
    for (const EngineFacts& each : m_engines) {
        if (each.role == Role::Common) {
            std::for_each(each.routes.begin(), each.routes.end(), add);
        }
    }
    return routes;
}

int compareVersions(std::string_view a, std::string_view b) {
    const auto next = [](std::string_view& text) {
        unsigned long value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (error != std::errc()) {
            text = {};
            return 0UL;
        }
        if (!text.empty() && text.front() == '.') {
            text.remove_prefix(1);
        } else {
            text = {};
        }
        return value;
    };
    if (!a.empty() && a.front() == 'v') {
        a.remove_prefix(1);
    }
    while (!a.empty() || !b.empty()) {
        const unsigned long left = next(a);
        const unsigned long right = next(b);
        if (left != right) {
            return left < right ? -1 : 1;
        }
    }
    return 0;
}

} // namespace gatehouse::probe
