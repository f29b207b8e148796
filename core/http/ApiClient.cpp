#include "core/http/ApiClient.h"

#include "core/http/StatusError.h"
#include "core/http/WatchStream.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>

namespace gatehouse::http {
namespace {

constexpr std::size_t PageSize = 500;
constexpr const char* OwnGroup = "/apis/gatehouse.dev/v1alpha1/";

/// "0.1" of "0.1.7".
std::string_view minorOf(std::string_view version) {
    const std::size_t first = version.find('.');
    const std::size_t second = first == std::string_view::npos ? first : version.find('.', first + 1);
    return version.substr(0, second);
}

Error withHint(Error error) {
    if (error.kind == ErrorKind::Unauthenticated) {
        error.hint =
            "the token is not the agent's; give its token file with --token-file, or its data folder with --data";
    }
    return error;
}

std::string query(std::initializer_list<std::pair<std::string_view, std::string>> parts) {
    std::string text;
    for (const auto& [name, value] : parts) {
        if (!value.empty()) {
            text += (text.empty() ? "?" : "&") + std::string(name) + "=" + percentEncode(value);
        }
    }
    return text;
}

std::string writeQuery(const WriteOptions& options, bool force = false) {
    return query({{"dryRun", options.dryRun ? "All" : ""},
                  {"fieldManager", options.fieldManager},
                  {"force", force ? "true" : ""},
                  {"fieldValidation", "Strict"}});
}

Result<ObjectKey> keyOf(const Object& object) {
    const KnownKind* known = findKind(object.apiVersion(), object.kind());
    if (known == nullptr) {
        return failure(ErrorKind::Unsupported,
                       "the kind " + object.kind() + " of " + object.apiVersion() + " is not known here",
                       "check apiVersion and kind");
    }
    std::string nameSpace = object.nameSpace();
    if (nameSpace.empty() && known->type.namespaced) {
        nameSpace = "default";
    }
    return ObjectKey{known->type, nameSpace, object.name()};
}

} // namespace

std::string resourcePath(const ResourceType& type, const std::string& nameSpace, const std::string& name,
                         const std::string& subresource) {
    std::string path = type.group.empty() ? "/api/" + type.version : "/apis/" + type.group + "/" + type.version;
    if (type.namespaced && !nameSpace.empty()) {
        path += "/namespaces/" + percentEncode(nameSpace);
    }
    path += "/" + type.plural;
    if (!name.empty()) {
        path += "/" + percentEncode(name);
    }
    return subresource.empty() ? path : path + "/" + subresource;
}

class ApiClient::Impl {
public:
    explicit Impl(ClientOptions options) : m_client(std::move(options)) {}

    /// Sends and makes everything but 2xx an Error.
    Result<Response> call(const Request& request, std::stop_token stop) {
        if (!stop.stop_possible()) {
            stop = currentStop();
        }
        auto response = m_client.send(request, stop);
        if (!response) {
            return response;
        }
        if (auto checked = checkPeer(*response); !checked) {
            return failure(std::move(checked.error()));
        }
        if (response->status / 100 != 2) {
            return failure(
                withHint(errorFromStatus(response->status, response->body, request.method + " " + request.target)));
        }
        return response;
    }

    Result<json::Value> callJson(const std::string& method, const std::string& target, const json::Value* body,
                                 std::string_view contentType = "application/json", std::stop_token stop = {}) {
        Request request{method, target, {{"Accept", "application/json"}}, {}};
        if (body != nullptr) {
            request.body = json::compact(*body);
            request.headers.set("Content-Type", std::string(contentType));
        }
        auto response = call(request, std::move(stop));
        if (!response) {
            return failure(std::move(response.error()));
        }
        auto parsed = json::parse(response->body, {.bytes = m_client.options().maxBodyBytes});
        if (!parsed) {
            return failure(
                because("the answer to " + method + " " + target + " cannot be read", std::move(parsed.error())));
        }
        return parsed;
    }

    Result<Object> callObject(const std::string& method, const std::string& target, const json::Value* body,
                              std::string_view contentType = "application/json") {
        auto value = callJson(method, target, body, contentType);
        if (!value) {
            return failure(std::move(value.error()));
        }
        return Object::from(std::move(*value));
    }

    Result<void> checkPeer(const Response& response) const {
        const std::string version(response.headers.value("X-Gatehouse-Version"));
        const std::string& where = m_client.options().baseUrl;
        if (version.empty()) {
            return failure(ErrorKind::Unsupported, "what answers at " + where + " is no Gatehouse agent",
                           "check the address given with --server");
        }
        if (minorOf(version) != minorOf(GATEHOUSE_VERSION)) {
            return failure(ErrorKind::Unsupported,
                           "the agent at " + where + " is version " + version + ", this program is " +
                               GATEHOUSE_VERSION,
                           "use the same minor version on both sides");
        }
        return {};
    }

    std::stop_token currentStop() {
        const std::lock_guard lock(m_mutex);
        return m_stop;
    }

    void setStop(std::stop_token stop) {
        const std::lock_guard lock(m_mutex);
        m_stop = std::move(stop);
    }

    HttpClient m_client;

private:
    std::mutex m_mutex;
    std::stop_token m_stop;
};

namespace {

ClientOptions withHint(ClientOptions options) {
    if (options.unreachableHint.empty()) {
        options.unreachableHint = "is the agent running? start it with `gatehouse-agent standalone`";
    }
    return options;
}

} // namespace

ApiClient::ApiClient(ClientOptions options) : m_impl(std::make_unique<Impl>(withHint(std::move(options)))) {}

ApiClient::~ApiClient() = default;

void ApiClient::setStop(std::stop_token stop) {
    m_impl->setStop(std::move(stop));
}

HttpClient& ApiClient::http() {
    return m_impl->m_client;
}

Result<Object> ApiClient::get(const ObjectKey& key) {
    return m_impl->callObject("GET", resourcePath(key.type, key.nameSpace, key.name), nullptr);
}

Result<ObjectList> ApiClient::list(const ResourceType& type, const ListOptions& options) {
    ObjectList all;
    std::string next = options.continueToken;
    do {
        const std::size_t limit = options.limit == 0 ? PageSize : options.limit;
        auto page =
            m_impl->callJson("GET",
                             resourcePath(type, options.nameSpace) + query({{"limit", std::to_string(limit)},
                                                                            {"continue", next},
                                                                            {"labelSelector", options.labelSelector},
                                                                            {"fieldSelector", options.fieldSelector}}),
                             nullptr);
        if (!page) {
            return failure(std::move(page.error()));
        }
        all.resourceVersion = json::text(*page, "metadata.resourceVersion");
        next = json::text(*page, "metadata.continue");
        json::Object* content = page->if_object();
        json::Value* items = content == nullptr ? nullptr : content->if_contains("items");
        if (items == nullptr || !items->is_array()) {
            return failure(ErrorKind::BadRequest, "the list of " + type.resourceName() + " has no items");
        }
        for (json::Value& item : items->get_array()) {
            if (json::Object* object = item.if_object()) {
                // Items of a list need not name their own kind.
                object->emplace("apiVersion", type.apiVersion());
                object->emplace("kind", type.kind);
            }
            auto object = Object::from(std::move(item));
            if (!object) {
                return failure(std::move(object.error()));
            }
            all.items.push_back(std::move(*object));
        }
    } while (options.limit == 0 && !next.empty());
    all.continueToken = next;
    return all;
}

Result<std::unique_ptr<Watch>> ApiClient::watch(const ResourceType& type, const WatchOptions& options) {
    Request request;
    request.target =
        resourcePath(type, options.nameSpace) + query({{"watch", "1"},
                                                       {"resourceVersion", options.resourceVersion},
                                                       {"allowWatchBookmarks", options.bookmarks ? "true" : ""},
                                                       {"labelSelector", options.labelSelector},
                                                       {"fieldSelector", options.fieldSelector}});
    request.headers.set("Accept", "application/json");
    return WatchStream::open(m_impl->m_client, std::move(request), m_impl->currentStop(),
                             [impl = m_impl.get()](const Response& header) { return impl->checkPeer(header); });
}

Result<Object> ApiClient::create(const Object& object, const WriteOptions& options) {
    const auto key = keyOf(object);
    if (!key) {
        return failure(key.error());
    }
    const json::Value body = object.value();
    return m_impl->callObject("POST", resourcePath(key->type, key->nameSpace) + writeQuery(options), &body);
}

Result<Object> ApiClient::update(const Object& object, const WriteOptions& options) {
    const auto key = keyOf(object);
    if (!key) {
        return failure(key.error());
    }
    const json::Value body = object.value();
    return m_impl->callObject("PUT", resourcePath(key->type, key->nameSpace, key->name) + writeQuery(options), &body);
}

Result<Object> ApiClient::updateStatus(const Object& object, const WriteOptions& options) {
    const auto key = keyOf(object);
    if (!key) {
        return failure(key.error());
    }
    const json::Value body = object.value();
    return m_impl->callObject("PUT", resourcePath(key->type, key->nameSpace, key->name, "status") + writeQuery(options),
                              &body);
}

Result<Object> ApiClient::patch(const ObjectKey& key, PatchType type, const json::Value& patch,
                                const std::string& subresource, const WriteOptions& options) {
    return m_impl->callObject(
        "PATCH", resourcePath(key.type, key.nameSpace, key.name, subresource) + writeQuery(options), &patch,
        type == PatchType::Merge ? "application/merge-patch+json" : "application/json-patch+json");
}

Result<Object> ApiClient::apply(const Object& object, const ApplyOptions& options) {
    const auto key = keyOf(object);
    if (!key) {
        return failure(key.error());
    }
    // JSON is YAML; the media type is the one Kubernetes has for server-side apply.
    const json::Value body = object.value();
    return m_impl->callObject("PATCH",
                              resourcePath(key->type, key->nameSpace, key->name) + writeQuery(options, options.force),
                              &body, "application/apply-patch+yaml");
}

Result<Object> ApiClient::remove(const ObjectKey& key, const DeleteOptions& options) {
    json::Object preconditions;
    if (!options.preconditions.uid.empty()) {
        preconditions["uid"] = options.preconditions.uid;
    }
    if (!options.preconditions.resourceVersion.empty()) {
        preconditions["resourceVersion"] = options.preconditions.resourceVersion;
    }
    json::Object body{{"apiVersion", "v1"},
                      {"kind", "DeleteOptions"},
                      {"propagationPolicy", options.orphanDependents ? "Orphan" : "Background"}};
    if (!preconditions.empty()) {
        body["preconditions"] = std::move(preconditions);
    }
    if (options.dryRun) {
        body["dryRun"] = json::Array{"All"};
    }
    const json::Value value = std::move(body);
    auto answer = m_impl->callJson("DELETE", resourcePath(key.type, key.nameSpace, key.name), &value);
    if (!answer) {
        return failure(std::move(answer.error()));
    }
    if (json::text(*answer, "kind") != "Status") {
        return Object::from(std::move(*answer));
    }
    // Gone for good: the server answers with a Status. What is known of the object is its key.
    json::Object metadata{{"name", key.name}};
    if (!key.nameSpace.empty()) {
        metadata["namespace"] = key.nameSpace;
    }
    if (const std::string uid = json::text(*answer, "details.uid"); !uid.empty()) {
        metadata["uid"] = uid;
    }
    return Object(json::Object{
        {"apiVersion", key.type.apiVersion()}, {"kind", key.type.kind}, {"metadata", std::move(metadata)}});
}

Result<json::Value> ApiClient::document(const std::string& path, std::stop_token stop) {
    return m_impl->callJson("GET", OwnGroup + path, nullptr, {}, std::move(stop));
}

Result<std::string> ApiClient::bytes(const std::string& path, std::stop_token stop) {
    auto response = m_impl->call({"GET", OwnGroup + path, {}, {}}, std::move(stop));
    if (!response) {
        return failure(std::move(response.error()));
    }
    return std::move(response->body);
}

Result<json::Value> ApiClient::post(const std::string& path, const json::Value& body, std::stop_token stop) {
    return m_impl->callJson("POST", OwnGroup + path, &body, "application/json", std::move(stop));
}

} // namespace gatehouse::http
