#pragma once

#include "core/http/HttpClient.h"
#include "core/object_store/ObjectStore.h"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace gatehouse::http {

/// The admin API of an agent (docs/admin-api.md) as an ObjectStore, with the documents that are no resources beside it.
///
/// Status answers become Errors: kind from `reason`, the first cause's field in `field`. An agent of another minor
/// version, and anything that is no Gatehouse agent, is refused with one sentence that says so. Thread-safe; every
/// call blocks on the network and ends at once on the stop of the token given to setStop().
class ApiClient final : public ObjectStore {
public:
    /// `options.baseUrl`, `caPem` and `token` come from session::readConnection. An empty hint is filled in.
    explicit ApiClient(ClientOptions options);
    ~ApiClient() override;

    /// Every later call of the ObjectStore interface (which takes no token of its own) ends when this one stops.
    void setStop(std::stop_token stop);

    [[nodiscard]] Result<Object> get(const ObjectKey& key) override;
    /// Follows continue tokens itself unless options.limit is set.
    [[nodiscard]] Result<ObjectList> list(const ResourceType& type, const ListOptions& options) override;
    /// The watch holds a connection and a thread of its own. It ends with TooOld (list again), Unreachable (the agent
    /// went away) or, when the server ended it in good order, Unreachable with httpStatus 200: watch again from the
    /// last resourceVersion seen.
    [[nodiscard]] Result<std::unique_ptr<Watch>> watch(const ResourceType& type, const WatchOptions& options) override;
    [[nodiscard]] Result<Object> create(const Object& object, const WriteOptions& options = {}) override;
    [[nodiscard]] Result<Object> update(const Object& object, const WriteOptions& options = {}) override;
    [[nodiscard]] Result<Object> updateStatus(const Object& object, const WriteOptions& options = {}) override;
    [[nodiscard]] Result<Object> patch(const ObjectKey& key, PatchType type, const json::Value& patch,
                                       const std::string& subresource = {}, const WriteOptions& options = {}) override;
    [[nodiscard]] Result<Object> apply(const Object& object, const ApplyOptions& options = {}) override;
    [[nodiscard]] Result<Object> remove(const ObjectKey& key, const DeleteOptions& options = {}) override;

    /// Below /apis/gatehouse.dev/v1alpha1/, for example "installation" or "namespaces/default/proberuns/x/report".
    [[nodiscard]] Result<json::Value> document(const std::string& path, std::stop_token stop = {});
    /// The same for what is no JSON: transcripts and pack archives.
    [[nodiscard]] Result<std::string> bytes(const std::string& path, std::stop_token stop = {});
    /// POST below the same path, for example "namespaces/default/apikeys/<name>/rotate".
    [[nodiscard]] Result<json::Value> post(const std::string& path, const json::Value& body, std::stop_token stop = {});

    [[nodiscard]] HttpClient& http();

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

/// "/apis/llm.nebari.dev/v1alpha1/namespaces/default/llmmodels/chat"; without a name the collection, without a
/// namespace all of them.
[[nodiscard]] std::string resourcePath(const ResourceType& type, const std::string& nameSpace,
                                       const std::string& name = {}, const std::string& subresource = {});

} // namespace gatehouse::http
