#include "app/session/HttpAgentClient.h"

#include "core/http/ApiClient.h"
#include "core/http/StatusError.h"
#include "core/http/WatchStream.h"
#include "core/object_store/KnownKinds.h"

namespace gatehouse::session {
namespace {

constexpr const char* OwnGroup = "/apis/gatehouse.dev/v1alpha1/";
// The server ends a watch after this; then it is opened again from the last version.
constexpr const char* WatchSeconds = "240";
constexpr std::chrono::seconds WatchSilence{300};
constexpr const char* PageSize = "500";

http::ClientOptions optionsOf(AgentConnection&& connection) {
    http::ClientOptions options;
    options.baseUrl = connection.server;
    options.caPem = std::move(connection.caPem);
    options.token = std::move(connection.token);
    options.userAgent = std::string("gatehouse-console/") + GATEHOUSE_VERSION;
    options.unreachableHint = "Check that gatehouse-agent is running; the console keeps trying.";
    // Minting answers only when the key works at the gateway.
    options.headerTimeout = std::chrono::seconds(45);
    return options;
}

Error errorOf(const http::Response& response, const std::string& target) {
    return http::errorFromStatus(response.status, response.body, target.substr(0, target.find('?')));
}

std::string withDryRun(std::string target, bool dryRun) {
    target += "?fieldValidation=Strict&fieldManager=gatehouse-console";
    return dryRun ? target + "&dryRun=All" : target;
}

} // namespace

HttpAgentClient::HttpAgentClient(AgentConnection connection)
    : m_server(connection.server),
      m_http(optionsOf(std::move(connection))) {}

std::string HttpAgentClient::agentVersion() const {
    const std::lock_guard lock(m_mutex);
    return m_version;
}

void HttpAgentClient::noteVersion(const http::Response& response) {
    if (const auto version = response.headers.value("X-Gatehouse-Version"); !version.empty()) {
        const std::lock_guard lock(m_mutex);
        m_version = std::string(version);
    }
}

Result<std::string> HttpAgentClient::call(const std::string& method, const std::string& target, const json::Value* body,
                                          std::stop_token stop, const char* contentType) {
    http::Request request;
    request.method = method;
    request.target = target;
    request.headers.set("Accept", "application/json");
    if (body != nullptr) {
        request.headers.set("Content-Type", contentType);
        request.body = json::compact(*body);
    }
    auto response = m_http.send(request, stop);
    if (!response) {
        return failure(std::move(response.error()));
    }
    noteVersion(*response);
    if (response->status < 200 || response->status > 299) {
        return failure(errorOf(*response, target));
    }
    return std::move(response->body);
}

Result<Object> HttpAgentClient::callForObject(const std::string& method, const std::string& target,
                                              const json::Value* body, std::stop_token stop, const char* contentType) {
    auto text = call(method, target, body, stop, contentType);
    if (!text) {
        return failure(std::move(text.error()));
    }
    auto value = json::parse(*text);
    return value ? Object::from(std::move(*value)) : Result<Object>(failure(std::move(value.error())));
}

Result<ObjectList> HttpAgentClient::list(const ResourceType& type, std::stop_token stop) {
    ObjectList all;
    do {
        std::string target = http::resourcePath(type, {}, {}) + "?limit=" + PageSize;
        if (!all.continueToken.empty()) {
            target += "&continue=" + http::percentEncode(all.continueToken);
        }
        auto text = call("GET", target, nullptr, stop);
        if (!text) {
            return failure(std::move(text.error()));
        }
        auto page = json::parse(*text, {64U << 20, 64});
        if (!page) {
            return failure(because("The agent's list of " + type.plural + " is not readable", std::move(page.error())));
        }
        all.resourceVersion = json::text(*page, "metadata.resourceVersion");
        all.continueToken = json::text(*page, "metadata.continue");
        json::Value* items = page->is_object() ? page->get_object().if_contains("items") : nullptr;
        if (items == nullptr || !items->is_array()) {
            continue;
        }
        for (json::Value& item : items->get_array()) {
            if (item.is_object()) {
                all.items.emplace_back(std::move(item.get_object()));
            }
        }
    } while (!all.continueToken.empty() && !stop.stop_requested());
    return all;
}

Result<void> HttpAgentClient::watch(const ResourceType& type, const std::string& resourceVersion,
                                    const WatchHandlers& handlers, std::stop_token stop) {
    http::Request request;
    request.target = http::resourcePath(type, {}, {}) +
                     "?watch=1&allowWatchBookmarks=1&timeoutSeconds=" + WatchSeconds +
                     "&resourceVersion=" + http::percentEncode(resourceVersion);
    request.headers.set("Accept", "application/json");
    std::optional<Error> broken;
    http::StreamHandlers stream;
    stream.opened = [&](const http::Response& header) {
        noteVersion(header);
        handlers.opened();
    };
    stream.line = [&](std::string_view line) {
        if (line.empty()) {
            return true;
        }
        auto event = http::readWatchEvent(line);
        if (!event) {
            broken = std::move(event.error());
            return false;
        }
        handlers.event(*event);
        return !stop.stop_requested();
    };
    const auto response = m_http.stream(request, stream, WatchSilence, stop);
    if (broken) {
        return failure(std::move(*broken));
    }
    if (!response) {
        return failure(response.error());
    }
    if (response->status < 200 || response->status > 299) {
        return failure(errorOf(*response, request.target));
    }
    return {};
}

Result<Object> HttpAgentClient::get(const ObjectKey& key, std::stop_token stop) {
    return callForObject("GET", http::resourcePath(key.type, key.nameSpace, key.name), nullptr, stop);
}

Result<Object> HttpAgentClient::create(const Object& object, bool dryRun, std::stop_token stop) {
    const KnownKind* kind = findKind(object.apiVersion(), object.kind());
    if (kind == nullptr) {
        return failure(ErrorKind::Invalid,
                       "The agent does not serve the kind " + object.kind() + " of " + object.apiVersion());
    }
    const std::string nameSpace = object.nameSpace().empty() ? "default" : object.nameSpace();
    const json::Value body = object.value();
    return callForObject("POST", withDryRun(http::resourcePath(kind->type, nameSpace, {}), dryRun), &body, stop);
}

Result<Object> HttpAgentClient::update(const Object& object, bool dryRun, std::stop_token stop) {
    const KnownKind* kind = findKind(object.apiVersion(), object.kind());
    if (kind == nullptr) {
        return failure(ErrorKind::Invalid,
                       "The agent does not serve the kind " + object.kind() + " of " + object.apiVersion());
    }
    const json::Value body = object.value();
    return callForObject("PUT", withDryRun(http::resourcePath(kind->type, object.nameSpace(), object.name()), dryRun),
                         &body, stop);
}

Result<Object> HttpAgentClient::mergePatch(const ObjectKey& key, const json::Value& patch, std::stop_token stop) {
    return callForObject("PATCH", withDryRun(http::resourcePath(key.type, key.nameSpace, key.name), false), &patch,
                         stop, "application/merge-patch+json");
}

Result<void> HttpAgentClient::remove(const ObjectKey& key, std::stop_token stop) {
    auto text = call("DELETE", http::resourcePath(key.type, key.nameSpace, key.name), nullptr, stop);
    return text ? Result<void>() : failure(std::move(text.error()));
}

Result<MintedKey> HttpAgentClient::callForKey(const std::string& target, const json::Value& body,
                                              std::stop_token stop) {
    auto text = call("POST", target, &body, stop);
    if (!text) {
        return failure(std::move(text.error()));
    }
    auto value = json::parse(*text);
    wipe(*text);
    if (!value) {
        return failure(ErrorKind::BadRequest, "The agent's answer with the new key is not readable");
    }
    json::Value* status = value->is_object() ? value->get_object().if_contains("status") : nullptr;
    json::Value* key = status != nullptr && status->is_object() ? status->get_object().if_contains("key") : nullptr;
    if (key == nullptr || !key->is_string()) {
        return failure(ErrorKind::BadRequest, "The agent's answer holds no key",
                       "look at the list of keys and mint again");
    }
    MintedKey minted;
    auto& characters = key->get_string();
    minted.value = Secret::copyOf({characters.data(), characters.size()});
    std::fill(characters.begin(), characters.end(), '\0');
    status->get_object().erase("key");
    auto object = Object::from(std::move(*value));
    if (!object) {
        return failure(std::move(object.error()));
    }
    minted.key = std::move(*object);
    return minted;
}

Result<MintedKey> HttpAgentClient::mintKey(const Object& request, std::stop_token stop) {
    const std::string nameSpace = request.nameSpace().empty() ? "default" : request.nameSpace();
    return callForKey(http::resourcePath(kinds::ApiKey, nameSpace, {}), request.value(), stop);
}

Result<MintedKey> HttpAgentClient::rotateKey(const ObjectKey& key, const std::string& grace, std::stop_token stop) {
    const json::Value body = json::Object{{"grace", grace}};
    return callForKey(http::resourcePath(key.type, key.nameSpace, key.name) + "/rotate", body, stop);
}

Result<json::Value> HttpAgentClient::getJson(const std::string& path, std::stop_token stop) {
    auto text = call("GET", OwnGroup + path, nullptr, stop);
    if (!text) {
        return failure(std::move(text.error()));
    }
    return json::parse(*text, {64U << 20, 64});
}

Result<std::string> HttpAgentClient::getBytes(const std::string& path, std::stop_token stop) {
    http::Request request;
    request.target = OwnGroup + path;
    auto response = m_http.send(request, stop);
    if (!response) {
        return failure(std::move(response.error()));
    }
    noteVersion(*response);
    if (response->status < 200 || response->status > 299) {
        return failure(errorOf(*response, request.target));
    }
    return std::move(response->body);
}

} // namespace gatehouse::session
