#include "agent/authorizer/Authorizer.h"

#include "agent/authorizer/Decision.h"
#include "agent/authorizer/Endpoints.h"
#include "core/crypto/Crypto.h"
#include "core/http/Message.h"

#include <charconv>
#include <cstdio>

namespace gatehouse::authorizer {
namespace {

using http_server::Request;
using http_server::Response;

std::vector<std::string_view> fieldsNamed(const Request& request, std::string_view name) {
    std::vector<std::string_view> out;
    for (const auto& [field, value] : request.headers.all()) {
        if (http::equalsIgnoringCase(field, name)) {
            out.push_back(value);
        }
    }
    return out;
}

/// For a header and the log: visible ASCII stays, the rest is percent-encoded.
std::string headerText(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c > ' ' && c < 0x7f && c != '%') {
            out += c;
        } else {
            char buffer[4];
            std::snprintf(buffer, sizeof buffer, "%%%02X", static_cast<unsigned char>(c));
            out += buffer;
        }
    }
    return out;
}

std::string callerText(const keys::KeyEntry& caller) {
    return caller.nameSpace + "/" + caller.modelName + "/" + caller.clientId;
}

Response jsonAnswer(int status, std::string body) {
    Response response;
    response.status = status;
    response.headers.add("content-type", "application/json");
    response.body = std::move(body);
    return response;
}

/// Names what the answer says to the caller and, for the log, to Envoy.
Response toResponse(const Decision& decision) {
    Response response;
    if (!decision.allowed()) {
        response = jsonAnswer(decision.status, errorBody(decision));
        response.headers.add(DenialHeader, "authorizer");
        if (decision.status == 401) {
            response.headers.add("www-authenticate", "Bearer");
        }
    }
    if (decision.caller != nullptr) {
        response.headers.add("client", headerText(decision.caller->clientId));
        response.headers.add("tenant", headerText(decision.caller->tenant));
    }
    if (decision.allowed() && decision.caller != nullptr) {
        response.headers.add(CallerHeader, headerText(callerText(*decision.caller)));
    }
    if (decision.allowed() && !decision.routeName.empty()) {
        response.headers.add(RouteHeader, decision.routeName);
    }
    if (!decision.modelId.empty()) {
        response.headers.add("model", headerText(decision.modelId));
    }
    return response;
}

/// "/authenticate/v1/models" → the stage and "/v1/models"; false for anything else.
bool splitStage(std::string_view path, RequestFacts& facts) {
    for (const auto& [prefix, stage] :
         {std::pair{std::string_view("/authenticate"), Stage::Authenticate}, {"/authorize", Stage::Authorize}}) {
        if (path.starts_with(prefix)) {
            facts.stage = stage;
            facts.path = path.substr(prefix.size());
            return true;
        }
    }
    return false;
}

/// One plain decimal number; anything else is no declared length.
std::optional<std::uint64_t> lengthIn(const std::vector<std::string_view>& fields) {
    std::uint64_t length = 0;
    if (fields.size() != 1 || fields.front().empty()) {
        return std::nullopt;
    }
    const std::string_view text = fields.front();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(length) : std::nullopt;
}

} // namespace

Authorizer::Authorizer(const Clock& clock, std::filesystem::path socket, std::size_t bodyBytes)
    : m_clock(clock),
      m_socket(std::move(socket)),
      m_bodyBytes(bodyBytes),
      m_agentKey("gatehouse-agent-" + crypto::base64Url(crypto::randomBytes(32))),
      m_current{std::make_shared<const keys::KeyTable>(), std::make_shared<const ModelDirectory>()} {}

Authorizer::~Authorizer() {
    stop();
}

Result<void> Authorizer::start() {
    if (m_server) {
        return {};
    }
    http_server::Options options;
    options.name = "authorizer";
    options.unixSocket = m_socket.string();
    options.limits.headerBytes = 96U << 10; // what Envoy allows its clients, and its own additions
    options.limits.headerFields = 128;
    options.limits.bodyBytes = m_bodyBytes;
    options.limits.bodyBytesInFlight = 512U << 20;
    options.limits.connections = 512; // above Envoy's own bound of authorizerConnections for each of its threads
    options.limits.idleTimeout = std::chrono::minutes(5);
    options.handlerThreads = 4;
    auto server = http_server::HttpServer::start(
        std::move(options), [this](const Request& request, const std::stop_token&) { return answer(request); });
    if (!server) {
        return failure(because("the authorizer cannot start", server.error()));
    }
    m_server = std::move(*server);
    return {};
}

void Authorizer::stop() {
    if (m_server) {
        m_server->stop();
        m_server.reset();
    }
}

void Authorizer::setKeys(std::shared_ptr<const keys::KeyTable> keys) {
    m_lastUsed.keepOnly(*keys);
    const std::lock_guard lock(m_mutex);
    m_current.keys = std::move(keys);
}

void Authorizer::setModels(std::shared_ptr<const ModelDirectory> models) {
    const std::lock_guard lock(m_mutex);
    m_current.models = std::move(models);
}

std::shared_ptr<const ModelDirectory> Authorizer::models() const {
    return snapshot().models;
}

Authorizer::Snapshot Authorizer::snapshot() const {
    const std::lock_guard lock(m_mutex);
    return m_current;
}

Response Authorizer::answer(const Request& request) {
    if (request.path == "/models") {
        return answerModels(request);
    }
    RequestFacts facts;
    if (!splitStage(request.path, facts)) {
        return jsonAnswer(403, "{}");
    }
    facts.method = request.method;
    facts.authorization = fieldsNamed(request, "authorization");
    facts.contentType = fieldsNamed(request, "content-type");
    facts.contentEncoding = fieldsNamed(request, "content-encoding");
    facts.body = request.body;
    facts.declaredLength = lengthIn(fieldsNamed(request, LengthHeader));
    const Snapshot now = snapshot();
    const Decision decision = decide(facts, *now.keys, *now.models, m_agentKey, m_clock.now());
    if (decision.allowed() && decision.caller != nullptr && facts.stage == Stage::Authorize) {
        m_lastUsed.record(*decision.caller, m_clock.now());
    }
    return toResponse(decision);
}

/// Envoy routes here after both stages; the caller header is the authorizer's own, a client's was removed.
Response Authorizer::answerModels(const Request& request) {
    const std::vector<std::string_view> callers = fieldsNamed(request, CallerHeader);
    const std::string_view caller = callers.size() == 1 ? callers.front() : std::string_view();
    const std::size_t first = caller.find('/');
    const std::size_t second = first == std::string_view::npos ? first : caller.find('/', first + 1);
    if (second == std::string_view::npos) {
        return jsonAnswer(403, "{}");
    }
    keys::KeyEntry key;
    key.nameSpace = caller.substr(0, first);
    key.modelName = caller.substr(first + 1, second - first - 1);
    return jsonAnswer(200, modelList(snapshot().models->idsFor(key)));
}

} // namespace gatehouse::authorizer
