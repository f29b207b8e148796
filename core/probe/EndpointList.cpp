#include "core/files/Files.h"
#include "core/probe/BaseUrl.h"
#include "core/probe/HttpResponseParser.h"
#include "core/probe/Prober.h"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <set>

namespace gatehouse::probe {
namespace {

constexpr std::size_t MostEndpoints = 10'000;

Error wrong(const std::string& field, const std::string& what, const std::string& hint = {}) {
    Error error = makeError(ErrorKind::Invalid, "the endpoint list is not valid: " + field + " " + what, hint);
    error.field = field;
    return error;
}

/// One object of the list: takes its members by name and type, and knows which ones may be there.
class Fields {
public:
    Fields(const json::Value& value, std::string path) : m_value(value), m_path(std::move(path)) {}

    [[nodiscard]] Result<void> allow(std::initializer_list<std::string_view> names) const {
        const json::Object* object = m_value.if_object();
        if (object == nullptr) {
            return failure(wrong(m_path, "must be an object"));
        }
        for (const auto& member : *object) {
            if (std::find(names.begin(), names.end(), std::string_view(member.key())) == names.end()) {
                std::string known;
                for (const std::string_view name : names) {
                    known += (known.empty() ? "" : ", ") + std::string(name);
                }
                return failure(wrong(path(std::string_view(member.key()).substr(0, 64)), "is not known",
                                     "the fields here are " + known));
            }
        }
        return {};
    }

    [[nodiscard]] const json::Value* find(std::string_view name) const { return json::find(m_value, name); }

    [[nodiscard]] std::string path(std::string_view name) const { return m_path + "." + std::string(name); }

    /// Text without control characters; `fallback` if it is missing.
    [[nodiscard]] Result<std::string> text(std::string_view name, std::string fallback = {}) const {
        const json::Value* found = find(name);
        if (found == nullptr) {
            return fallback;
        }
        if (!found->is_string() || found->get_string().size() > 4096) {
            return failure(wrong(path(name), "must be text"));
        }
        std::string text(found->get_string());
        if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; })) {
            return failure(wrong(path(name), "holds control characters"));
        }
        return text;
    }

    [[nodiscard]] Result<std::string> required(std::string_view name) const {
        Result<std::string> found = text(name);
        if (found && found->empty()) {
            return failure(wrong(path(name), "is missing or empty"));
        }
        return found;
    }

private:
    const json::Value& m_value;
    std::string m_path;
};

std::string placed(const std::string& file, const std::string& baseFolder) {
    return (files::fs::path(baseFolder) / file).string();
}

Result<Secret> readCredentialValue(const Fields& fields, const std::string& baseFolder) {
    const Result<std::string> file = fields.text("file");
    const Result<std::string> variable = fields.text("env");
    if (!file || !variable) {
        return failure(!file ? file.error() : variable.error());
    }
    if (file->empty() == variable->empty()) {
        return failure(wrong(fields.path("file"), "or env must say where the key is, and only one of them"));
    }
    Secret value;
    if (!variable->empty()) {
        const char* found = std::getenv(variable->c_str());
        if (found == nullptr) {
            return failure(wrong(fields.path("env"), "names the variable " + *variable + ", which is not set"));
        }
        value = Secret::copyOf(found);
    } else {
        Result<Secret> read = files::readSecret(placed(*file, baseFolder));
        if (!read) {
            Error error = because("the key of " + fields.path("file") + " cannot be read", read.error());
            error.field = fields.path("file");
            return failure(std::move(error));
        }
        value = std::move(*read);
    }
    const std::string_view bytes = value.reveal();
    if (bytes.empty() ||
        std::any_of(bytes.begin(), bytes.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7F; })) {
        return failure(wrong(fields.path(file->empty() ? "env" : "file"),
                             "holds a key that is empty or has white space in it", "put the key alone into it"));
    }
    return value;
}

Result<Credential> readCredential(const json::Value& value, const std::string& path, const std::string& baseFolder) {
    const Fields fields(value, path);
    if (Result<void> known = fields.allow({"header", "prefix", "file", "env"}); !known) {
        return failure(known.error());
    }
    const Result<std::string> header = fields.text("header", "Authorization");
    if (!header) {
        return failure(header.error());
    }
    if (!isToken(*header)) {
        return failure(wrong(fields.path("header"), "is no header name"));
    }
    const Result<std::string> prefix =
        fields.text("prefix", equalsIgnoringCase(*header, "Authorization") ? "Bearer " : "");
    if (!prefix) {
        return failure(prefix.error());
    }
    Result<Secret> secret = readCredentialValue(fields, baseFolder);
    if (!secret) {
        return failure(secret.error());
    }
    return Credential{*header, *prefix, std::move(*secret)};
}

Result<TlsChoice> readTls(const json::Value& value, const std::string& path, const std::string& baseFolder) {
    const Fields fields(value, path);
    if (Result<void> known = fields.allow({"ca", "insecure", "serverName"}); !known) {
        return failure(known.error());
    }
    const Result<std::string> ca = fields.text("ca");
    const Result<std::string> name = fields.text("serverName");
    if (!ca || !name) {
        return failure(!ca ? ca.error() : name.error());
    }
    TlsChoice choice;
    choice.serverName = *name;
    if (const json::Value* insecure = fields.find("insecure")) {
        if (!insecure->is_bool()) {
            return failure(wrong(fields.path("insecure"), "must be true or false"));
        }
        choice.insecure = insecure->get_bool();
    }
    if (choice.insecure && !ca->empty()) {
        return failure(wrong(fields.path("insecure"), "and ca exclude each other"));
    }
    if (!ca->empty()) {
        Result<std::string> pem = files::read(placed(*ca, baseFolder), 1U << 20);
        if (!pem) {
            return failure(because("the CA of " + fields.path("ca") + " cannot be read", pem.error()));
        }
        if (pem->find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
            return failure(wrong(fields.path("ca"), "names a file without a PEM certificate"));
        }
        choice.caPem = std::move(*pem);
    }
    return choice;
}

Result<OpenRoute> readOpenRoute(const json::Value& value, const std::string& path) {
    const Fields fields(value, path);
    if (Result<void> known = fields.allow({"route", "reason", "owner", "approver", "expires"}); !known) {
        return failure(known.error());
    }
    OpenRoute route;
    for (auto [name, into] : {std::pair{"route", &route.route}, {"reason", &route.reason}, {"owner", &route.owner}}) {
        Result<std::string> text = fields.required(name);
        if (!text) {
            return failure(text.error());
        }
        *into = std::move(*text);
    }
    const std::size_t space = route.route.find(' ');
    if (space == std::string::npos || !isToken(std::string_view(route.route).substr(0, space)) ||
        route.route.substr(space + 1, 1) != "/" || route.route.find(' ', space + 1) != std::string::npos) {
        return failure(wrong(fields.path("route"), "must have the form 'GET /path'"));
    }
    const Result<std::string> approver = fields.text("approver");
    const Result<std::string> expires = fields.required("expires");
    if (!approver || !expires) {
        return failure(!approver ? approver.error() : expires.error());
    }
    const Result<TimePoint> time = parseRfc3339(*expires);
    if (!time) {
        return failure(wrong(fields.path("expires"), "is no date", "write it like 2027-06-30"));
    }
    route.approver = *approver;
    route.expires = *time;
    return route;
}

Result<void> readParts(const Fields& fields, const std::string& baseFolder, ProbeTarget& target) {
    if (const json::Value* value = fields.find("credential")) {
        Result<Credential> credential = readCredential(*value, fields.path("credential"), baseFolder);
        if (!credential) {
            return failure(credential.error());
        }
        target.credential = std::move(*credential);
    }
    if (const json::Value* value = fields.find("foreignCredential")) {
        Result<Credential> credential = readCredential(*value, fields.path("foreignCredential"), baseFolder);
        if (!credential) {
            return failure(credential.error());
        }
        target.foreignCredential = std::move(*credential);
        if (target.credential && target.credential->value.equals(target.foreignCredential->value.reveal())) {
            return failure(wrong(fields.path("foreignCredential"), "is the same key as credential",
                                 "give a key that is valid for another model only"));
        }
    }
    if (const json::Value* value = fields.find("tls")) {
        Result<TlsChoice> tls = readTls(*value, fields.path("tls"), baseFolder);
        if (!tls) {
            return failure(tls.error());
        }
        target.tls = std::move(*tls);
    }
    if (const json::Value* value = fields.find("openRoutes")) {
        if (!value->is_array()) {
            return failure(wrong(fields.path("openRoutes"), "must be a list"));
        }
        std::set<std::string> seen;
        for (std::size_t i = 0; i < value->get_array().size(); ++i) {
            const std::string place = fields.path("openRoutes") + "[" + std::to_string(i) + "]";
            Result<OpenRoute> route = readOpenRoute(value->get_array()[i], place);
            if (!route) {
                return failure(route.error());
            }
            if (!seen.insert(route->route).second) {
                return failure(wrong(place + ".route", "stands there twice: " + route->route));
            }
            target.openRoutes.push_back(std::move(*route));
        }
    }
    return {};
}

Result<ProbeTarget> readTarget(const json::Value& value, const std::string& path, const std::string& baseFolder) {
    const Fields fields(value, path);
    if (Result<void> known = fields.allow({"name", "url", "engine", "model", "credential", "foreignCredential",
                                           "foreignModel", "tls", "openRoutes", "note"});
        !known) {
        return failure(known.error());
    }
    ProbeTarget target;
    for (auto [name, into] : {std::pair{"name", &target.name}, {"url", &target.url}}) {
        Result<std::string> text = fields.required(name);
        if (!text) {
            return failure(text.error());
        }
        *into = std::move(*text);
    }
    for (auto [name, into] : {std::pair{"engine", &target.engine},
                              {"model", &target.model},
                              {"foreignModel", &target.foreignModel},
                              {"note", &target.note}}) {
        Result<std::string> text = fields.text(name);
        if (!text) {
            return failure(text.error());
        }
        *into = std::move(*text);
    }
    const Result<BaseUrl> url = BaseUrl::parse(target.url);
    if (!url) {
        Error error = url.error();
        error.field = fields.path("url");
        return failure(std::move(error));
    }
    if (Result<void> parts = readParts(fields, baseFolder, target); !parts) {
        return failure(parts.error());
    }
    if (!url->tls && fields.find("tls") != nullptr) {
        return failure(wrong(fields.path("tls"), "is given for a plain http URL"));
    }
    return target;
}

} // namespace

Result<std::vector<ProbeTarget>> readEndpointList(const json::Value& document, const std::string& baseFolder) {
    const Fields fields(document, "list");
    if (Result<void> known = fields.allow({"apiVersion", "kind", "endpoints"}); !known) {
        return failure(known.error());
    }
    if (json::text(document, "apiVersion") != "gatehouse.dev/v1alpha1" ||
        json::text(document, "kind") != "EndpointList") {
        return failure(wrong("list.kind", "must be EndpointList of gatehouse.dev/v1alpha1"));
    }
    const json::Value* list = fields.find("endpoints");
    if (list == nullptr || !list->is_array() || list->get_array().empty()) {
        return failure(wrong("list.endpoints", "must be a list with at least one endpoint"));
    }
    if (list->get_array().size() > MostEndpoints) {
        return failure(wrong("list.endpoints", "has more than " + std::to_string(MostEndpoints) + " entries"));
    }
    std::vector<ProbeTarget> targets;
    std::set<std::string> names;
    for (std::size_t i = 0; i < list->get_array().size(); ++i) {
        const std::string path = "endpoints[" + std::to_string(i) + "]";
        Result<ProbeTarget> target = readTarget(list->get_array()[i], path, baseFolder);
        if (!target) {
            return failure(target.error());
        }
        if (!names.insert(target->name).second) {
            return failure(wrong(path + ".name", "stands there twice: " + target->name, "names must be unique"));
        }
        targets.push_back(std::move(*target));
    }
    return targets;
}

} // namespace gatehouse::probe
