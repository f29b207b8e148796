#pragma once

#include "app/session/AgentClient.h"
#include "core/http/HttpClient.h"
#include "core/session/AgentConnection.h"

#include <mutex>

namespace gatehouse::session {

/// The real thing: HTTPS to a running agent.
class HttpAgentClient final : public AgentClient {
public:
    explicit HttpAgentClient(AgentConnection connection);

    Result<ObjectList> list(const ResourceType& type, std::stop_token stop) override;
    Result<void> watch(const ResourceType& type, const std::string& resourceVersion, const WatchHandlers& handlers,
                       std::stop_token stop) override;
    Result<Object> get(const ObjectKey& key, std::stop_token stop) override;
    Result<Object> create(const Object& object, bool dryRun, std::stop_token stop) override;
    Result<Object> update(const Object& object, bool dryRun, std::stop_token stop) override;
    Result<Object> mergePatch(const ObjectKey& key, const json::Value& patch, std::stop_token stop) override;
    Result<void> remove(const ObjectKey& key, std::stop_token stop) override;
    Result<MintedKey> mintKey(const Object& request, std::stop_token stop) override;
    Result<MintedKey> rotateKey(const ObjectKey& key, const std::string& grace, std::stop_token stop) override;
    Result<json::Value> getJson(const std::string& path, std::stop_token stop) override;
    Result<std::string> getBytes(const std::string& path, std::stop_token stop) override;

    std::string server() const override { return m_server; }

    std::string agentVersion() const override;

private:
    Result<std::string> call(const std::string& method, const std::string& target, const json::Value* body,
                             std::stop_token stop, const char* contentType = "application/json");
    Result<Object> callForObject(const std::string& method, const std::string& target, const json::Value* body,
                                 std::stop_token stop, const char* contentType = "application/json");
    Result<MintedKey> callForKey(const std::string& target, const json::Value& body, std::stop_token stop);
    void noteVersion(const http::Response& response);

    std::string m_server;
    http::HttpClient m_http;
    mutable std::mutex m_mutex;
    std::string m_version;
};

} // namespace gatehouse::session
