#include "agent/admin_api/ApiKeys.h"

#include "agent/admin_api/Answers.h"
#include "agent/admin_api/Resources.h"

#include <algorithm>

namespace gatehouse::admin_api {
namespace {

constexpr std::size_t MaxText = 253;
constexpr std::size_t MaxDescription = 200;
constexpr std::chrono::seconds DefaultGrace{0};

tl::unexpected<Error> badField(const char* field, const std::string& why, ErrorKind kind = ErrorKind::Invalid) {
    Error error = makeError(kind, std::string(field) + " " + why);
    error.field = field;
    return failure(std::move(error));
}

Result<std::string> textField(const json::Value& spec, const char* name, bool required, std::size_t limit) {
    const std::string path = std::string("spec.") + name;
    const json::Value* value = json::find(spec, name);
    if (value == nullptr || value->is_null()) {
        if (required) {
            return badField(path.c_str(), "is missing");
        }
        return std::string();
    }
    if (!value->is_string()) {
        return badField(path.c_str(), "must be a string");
    }
    const std::string text(value->get_string());
    const bool clean = std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (text.size() > limit || !clean || (required && text.empty())) {
        return badField(path.c_str(), "must be " + std::string(required ? "1" : "0") + " to " + std::to_string(limit) +
                                          " bytes without control characters");
    }
    return text;
}

Result<void> onlyKnown(const json::Value& value, std::initializer_list<std::string_view> known, const std::string& at) {
    if (!value.is_object()) {
        return badField(at.c_str(), "must be an object", ErrorKind::BadRequest);
    }
    for (const auto& member : value.get_object()) {
        const std::string_view name = member.key();
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            const std::string path = at + "." + std::string(name.substr(0, 100));
            return badField(path.c_str(), "is not a field of an ApiKey", ErrorKind::BadRequest);
        }
    }
    return {};
}

Result<KeyRequest> keyRequest(const json::Value& body, const std::string& nameSpace) {
    if (json::text(body, "kind") != kinds::ApiKey.kind ||
        json::text(body, "apiVersion") != kinds::ApiKey.apiVersion()) {
        return failure(ErrorKind::BadRequest, "the body must be an ApiKey of " + kinds::ApiKey.apiVersion());
    }
    const std::string bodyNameSpace = json::text(body, "metadata.namespace", nameSpace);
    if (bodyNameSpace != nameSpace) {
        return failure(ErrorKind::BadRequest,
                       "metadata.namespace is " + bodyNameSpace + ", the path says " + nameSpace);
    }
    if (!json::text(body, "metadata.name").empty()) {
        return badField("metadata.name", "cannot be chosen: the name of a key is made by the server; leave it out and "
                                         "give generateName");
    }
    const json::Value* spec = json::find(body, "spec");
    if (spec == nullptr) {
        return badField("spec", "is missing");
    }
    if (auto known = onlyKnown(*spec, {"model", "owner", "description", "tenant", "expires"}, "spec"); !known) {
        return failure(std::move(known.error()));
    }
    auto model = textField(*spec, "model", true, MaxText);
    auto owner = textField(*spec, "owner", true, MaxText);
    auto description = textField(*spec, "description", false, MaxDescription);
    auto tenant = textField(*spec, "tenant", false, MaxText);
    auto expires = textField(*spec, "expires", false, 32);
    for (const auto* field : {&model, &owner, &description, &tenant, &expires}) {
        if (!*field) {
            return failure(field->error());
        }
    }
    KeyRequest request{nameSpace, std::move(*model), std::move(*owner), std::move(*description), std::move(*tenant),
                       {}};
    if (!expires->empty()) {
        const auto lifetime = parseDuration(*expires);
        if (!lifetime || lifetime->count() <= 0) {
            return badField("spec.expires", "must be a time like 30d, 12h or 90m");
        }
        request.lifetime = *lifetime;
    }
    return request;
}

/// The one answer that holds a key; its text is wiped by nobody once it is with the client, so it is made last.
http_server::Response mintedAnswer(const MintedKeyView& minted, int status) {
    Object object = toObject(minted.view);
    json::objectAt(object.content(), "status")["key"] = minted.value.reveal();
    return jsonAnswer(object.value(), status);
}

Result<http_server::Response> rotate(Backend& backend, const http_server::Request& request, const ResourcePath& path,
                                     std::stop_token stop) {
    std::chrono::seconds grace = DefaultGrace;
    if (!request.body.empty()) {
        const auto body = readBody(request);
        if (!body) {
            return failure(body.error());
        }
        if (auto known = onlyKnown(*body, {"grace"}, "body"); !known) {
            return failure(std::move(known.error()));
        }
        const std::string text = json::text(*body, "grace", "0s");
        const auto parsed = parseDuration(text);
        if (!parsed || parsed->count() < 0) {
            return badField("grace", "must be a time like 1h or 30m");
        }
        grace = *parsed;
    }
    const auto minted = backend.rotateKey(path.nameSpace, path.name, grace, std::move(stop));
    if (!minted) {
        return failure(minted.error());
    }
    return mintedAnswer(*minted, 201);
}

Result<http_server::Response> read(KeyFeed& feed, const Clock& clock, const Route& route, const ResourcePath& path,
                                   Form form) {
    if (path.name.empty()) {
        const auto selection = listOptions(route, path);
        const auto list = selection ? feed.list(*selection) : failure(selection.error());
        if (!list) {
            return failure(list.error());
        }
        return Resources::listAnswer(path.kind->type, *list, form, route, clock.now());
    }
    const auto object = feed.get(path.nameSpace, path.name);
    if (!object) {
        return failure(object.error());
    }
    return Resources::objectAnswer(path.kind->type, *object, form, route, clock.now());
}

} // namespace

Result<http_server::Response> handleApiKeys(Backend& backend, KeyFeed& feed, const Clock& clock,
                                            const http_server::Request& request, const Route& route,
                                            const ResourcePath& path, std::stop_token stop) {
    const auto form = chooseForm(request.headers.value("Accept"));
    if (!form) {
        return failure(form.error());
    }
    const auto options = writeOptions(request, route);
    if (!options) {
        return failure(options.error());
    }
    if (options->dryRun) {
        return failure(ErrorKind::BadRequest, "keys are not made, rotated or revoked for trial (dryRun)");
    }
    const bool reading = request.method == "GET" || request.method == "HEAD";
    if (path.subresource == "rotate" && request.method == "POST") {
        return rotate(backend, request, path, std::move(stop));
    }
    if (!path.subresource.empty()) {
        return failure(ErrorKind::NotFound, "API keys have no subresource " + path.subresource.substr(0, 60));
    }
    if (reading) {
        return read(feed, clock, route, path, *form);
    }
    if (request.method == "POST" && path.name.empty() && !path.nameSpace.empty()) {
        const auto body = readBody(request);
        const auto wanted = body ? keyRequest(*body, path.nameSpace) : failure(body.error());
        if (!wanted) {
            return failure(wanted.error());
        }
        const auto minted = backend.mintKey(*wanted, std::move(stop));
        if (!minted) {
            return failure(minted.error());
        }
        return mintedAnswer(*minted, 201);
    }
    if (request.method == "DELETE" && !path.name.empty()) {
        const auto revoked = backend.revokeKey(path.nameSpace, path.name, std::move(stop));
        if (!revoked) {
            return failure(revoked.error());
        }
        return jsonAnswer(successStatus({path.kind->type, path.nameSpace, path.name}, toObject(*revoked).uid()));
    }
    return failure(ErrorKind::Unsupported, request.method.substr(0, 20) + " is not possible on apikeys",
                   "a key can be made, listed, rotated and deleted; to change one, rotate it");
}

} // namespace gatehouse::admin_api
