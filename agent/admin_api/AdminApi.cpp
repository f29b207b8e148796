#include "agent/admin_api/AdminApi.h"

#include "agent/admin_api/Answers.h"
#include "agent/admin_api/ApiKeys.h"
#include "agent/admin_api/Discovery.h"
#include "agent/admin_api/OpenApi.h"
#include "agent/admin_api/Resources.h"
#include "agent/admin_api/Watches.h"
#include "core/logging/Log.h"

namespace gatehouse::admin_api {
namespace {

using http_server::Request;
using http_server::Response;

bool isOpen(const std::string& path) {
    return path == "/healthz" || path == "/readyz";
}

Error unauthenticated() {
    return makeError(ErrorKind::Unauthenticated, "a valid bearer token is needed",
                     "the token is in the file that the agent named when it started");
}

std::string join(const std::vector<std::string>& parts, std::size_t from, const char* separator) {
    std::string text;
    for (std::size_t i = from; i < parts.size(); ++i) {
        text += (i == from ? "" : separator) + parts[i];
    }
    return text;
}

/// What a person can be told of an error; what only we can understand goes to the log.
Response answerTo(const Request& request, const Error& error) {
    if (httpStatusOf(error) >= 500) {
        log::warning("admin request failed",
                     {{"method", request.method}, {"path", request.path.substr(0, 300)}, {"why", error.describe()}});
    }
    return errorAnswer(error);
}

} // namespace

class AdminApi::Impl {
public:
    Impl(ObjectStore& store, Backend& backend, const Clock& clock, Secret token)
        : m_store(store),
          m_backend(backend),
          m_clock(clock),
          m_token(std::move(token)),
          m_resources(store, clock),
          m_keys(backend, clock) {}

    bool knows(const Request& request) const {
        constexpr std::string_view scheme = "Bearer ";
        const std::string_view given = request.headers.value("Authorization");
        if (m_token.empty() || given.size() <= scheme.size() ||
            !http::equalsIgnoringCase(given.substr(0, scheme.size()), scheme)) {
            return false;
        }
        return m_token.equals(given.substr(scheme.size()));
    }

    Response handle(const Request& request, std::stop_token stop) {
        if (isOpen(request.path)) {
            return health(request);
        }
        if (!knows(request)) {
            return errorAnswer(unauthenticated());
        }
        const auto route = parseRoute(request);
        if (!route) {
            return errorAnswer(route.error());
        }
        auto response = answer(request, *route, std::move(stop));
        return response ? std::move(*response) : answerTo(request, response.error());
    }

private:
    Response health(const Request& request) {
        if (request.path == "/healthz") {
            return textAnswer("ok\n");
        }
        const auto ready = m_backend.ready();
        return ready ? textAnswer("ok\n") : textAnswer("not ready: " + ready.error().describe() + "\n", 503);
    }

    Result<Response> answer(const Request& request, const Route& route, std::stop_token stop) {
        const bool reading = request.method == "GET" || request.method == "HEAD";
        if (auto document = virtualDocument(route, reading, stop)) {
            return std::move(*document);
        }
        if (const auto path = parseResource(route)) {
            return resource(request, route, *path, std::move(stop));
        }
        if (reading) {
            if (auto found = discovery(route)) {
                return jsonAnswer(*found);
            }
            if (route.segments.size() >= 2 && route.segments[0] == "openapi" && route.segments[1] == "v3") {
                return openApi(join(route.segments, 2, "/"));
            }
        }
        return failure(ErrorKind::NotFound, "the server could not find the requested resource");
    }

    static Result<Response> openApi(const std::string& group) {
        if (group.empty()) {
            return jsonAnswer(openApiIndex());
        }
        if (auto document = openApiDocument(group)) {
            return jsonAnswer(std::move(*document));
        }
        return failure(ErrorKind::NotFound, "there is no OpenAPI document of " + group.substr(0, 100));
    }

    Result<Response> resource(const Request& request, const Route& route, const ResourcePath& path,
                              std::stop_token stop) {
        const bool keys = path.kind->type == kinds::ApiKey;
        const bool reading = request.method == "GET" || request.method == "HEAD";
        if (reading && path.name.empty() && route.flag("watch")) {
            if (path.kind->type == kinds::Namespace) {
                return failure(ErrorKind::Unsupported, "namespaces cannot be watched here");
            }
            return keys ? watchKeys(m_keys, m_clock, request, route, path)
                        : watchStored(m_store, m_clock, request, route, path);
        }
        if (keys) {
            return handleApiKeys(m_backend, m_keys, m_clock, request, route, path, std::move(stop));
        }
        auto response = m_resources.handle(request, route, path);
        if (!response && httpStatusOf(response.error()) < 500) {
            const ObjectKey about{path.kind->type, path.nameSpace, path.name};
            return errorAnswer(response.error(), &about);
        }
        return response;
    }

    static Result<Response> json(Result<json::Object> document) {
        if (!document) {
            return failure(std::move(document.error()));
        }
        return jsonAnswer(std::move(*document));
    }

    /// docs/admin-api.md, "Besides resources". No value when the path is none of these.
    std::optional<Result<Response>> virtualDocument(const Route& route, bool reading, const std::stop_token& stop) {
        const auto& path = route.segments;
        if (path.size() < 4 || path[0] != "apis" || path[1] != kinds::ProbeRun.group ||
            path[2] != kinds::ProbeRun.version) {
            return std::nullopt;
        }
        const bool installation = path.size() == 4 && path[3] == "installation";
        const bool inventory = path.size() == 4 && path[3] == "inventory";
        const bool below = path.size() >= 8 && path[3] == "namespaces";
        const bool report = below && path.size() == 8 && path[5] == "proberuns" && path[7] == "report";
        const bool transcript = below && path.size() > 8 && path[5] == "proberuns" && path[7] == "transcripts";
        const bool archive = below && path.size() == 8 && path[5] == "evidencepacks" && path[7] == "archive";
        const bool verification = below && path.size() == 8 && path[5] == "evidencepacks" && path[7] == "verification";
        if (!installation && !inventory && !report && !transcript && !archive && !verification) {
            return std::nullopt;
        }
        if (!reading) {
            return Result<Response>(failure(ErrorKind::Unsupported, "this document can only be read"));
        }
        if (installation) {
            return json(m_backend.installation());
        }
        if (inventory) {
            return json(m_backend.inventory(stop));
        }
        if (report) {
            return json(m_backend.probeReport(path[4], path[6]));
        }
        if (verification) {
            return json(m_backend.verifyPack(path[4], path[6], stop));
        }
        return transcript
                   ? bytes(m_backend.transcript(path[4], path[6], join(path, 8, "/")), "text/plain; charset=utf-8")
                   : bytes(m_backend.packArchive(path[4], path[6]), "application/zip");
    }

    static Result<Response> bytes(Result<std::string> content, const char* type) {
        if (!content) {
            return failure(std::move(content.error()));
        }
        return textAnswer(std::move(*content), 200, type);
    }

    ObjectStore& m_store;
    Backend& m_backend;
    const Clock& m_clock;
    const Secret m_token;
    Resources m_resources;
    KeyFeed m_keys;
};

namespace {

template <typename Answer>
Answer signedBy(Answer answer) {
    answer.headers.set("X-Gatehouse-Version", GATEHOUSE_VERSION);
    return answer;
}

} // namespace

AdminApi::AdminApi(ObjectStore& store, Backend& backend, const Clock& clock, Secret token)
    : m_impl(std::make_unique<Impl>(store, backend, clock, std::move(token))) {}

AdminApi::~AdminApi() = default;

http_server::Response AdminApi::handle(const http_server::Request& request, std::stop_token stop) {
    return signedBy(m_impl->handle(request, std::move(stop)));
}

std::optional<http::Response> AdminApi::admit(const http_server::Request& request) const {
    if (isOpen(request.path) || m_impl->knows(request)) {
        return std::nullopt;
    }
    return signedBy(static_cast<http::Response>(errorAnswer(unauthenticated())));
}

Result<std::unique_ptr<http_server::HttpServer>> AdminApi::serve(http_server::Options options) {
    options.name = "admin-api";
    options.admit = [this](const http_server::Request& request) { return admit(request); };
    options.refusal = [](int status, const std::string& reason) {
        ErrorKind kind = ErrorKind::BadRequest;
        switch (status) {
        case 408:
            kind = ErrorKind::Timeout;
            break;
        case 413:
            kind = ErrorKind::TooLarge;
            break;
        case 429:
            kind = ErrorKind::RateLimited;
            break;
        case 503:
            kind = ErrorKind::Unreachable;
            break;
        default:
            break;
        }
        return signedBy(static_cast<http::Response>(errorAnswer(withStatus(status, kind, reason))));
    };
    return http_server::HttpServer::start(
        std::move(options),
        [this](const http_server::Request& request, std::stop_token stop) { return handle(request, std::move(stop)); });
}

} // namespace gatehouse::admin_api
