#pragma once

#include "core/object_store/ObjectStore.h"
#include "core/secrets/Secret.h"

#include <functional>
#include <stop_token>
#include <string>

namespace gatehouse::session {

/// A key just made: its metadata object, and the value that nobody will see again.
struct MintedKey {
    Object key;
    Secret value;
};

/// What the console asks of an agent (docs/admin-api.md). Every call blocks: worker threads only. Thread-safe.
class AgentClient {
public:
    virtual ~AgentClient() = default;

    /// All pages of a collection over all namespaces.
    [[nodiscard]] virtual Result<ObjectList> list(const ResourceType& type, std::stop_token stop) = 0;

    struct WatchHandlers {
        std::function<void()> opened;
        std::function<void(const WatchEvent&)> event;
    };

    /// Follows a collection from `resourceVersion`. Returns without error when the server ends the watch in good order.
    [[nodiscard]] virtual Result<void> watch(const ResourceType& type, const std::string& resourceVersion,
                                             const WatchHandlers& handlers, std::stop_token stop) = 0;

    [[nodiscard]] virtual Result<Object> get(const ObjectKey& key, std::stop_token stop) = 0;
    [[nodiscard]] virtual Result<Object> create(const Object& object, bool dryRun, std::stop_token stop) = 0;
    /// Replaces; the object's resourceVersion must be the current one (Conflict).
    [[nodiscard]] virtual Result<Object> update(const Object& object, bool dryRun, std::stop_token stop) = 0;
    [[nodiscard]] virtual Result<Object> mergePatch(const ObjectKey& key, const json::Value& patch,
                                                    std::stop_token stop) = 0;
    [[nodiscard]] virtual Result<void> remove(const ObjectKey& key, std::stop_token stop) = 0;

    /// Both answer when the key works at the gateway.
    [[nodiscard]] virtual Result<MintedKey> mintKey(const Object& request, std::stop_token stop) = 0;
    [[nodiscard]] virtual Result<MintedKey> rotateKey(const ObjectKey& key, const std::string& grace,
                                                      std::stop_token stop) = 0;

    /// GET below /apis/gatehouse.dev/v1alpha1/ (docs/admin-api.md, "Besides resources").
    [[nodiscard]] virtual Result<json::Value> getJson(const std::string& path, std::stop_token stop) = 0;
    [[nodiscard]] virtual Result<std::string> getBytes(const std::string& path, std::stop_token stop) = 0;

    /// "https://127.0.0.1:8444", for people.
    [[nodiscard]] virtual std::string server() const = 0;
    /// X-Gatehouse-Version of the last answer; empty before the first.
    [[nodiscard]] virtual std::string agentVersion() const = 0;
};

} // namespace gatehouse::session
