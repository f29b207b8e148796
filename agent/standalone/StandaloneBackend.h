#pragma once

#include "agent/admin_api/Backend.h"
#include "agent/assessment/Assessor.h"
#include "agent/assessment/RunArchive.h"
#include "agent/controllers/EvidencePackController.h"
#include "agent/controllers/ProbeRunController.h"
#include "agent/controllers/ServingController.h"
#include "core/keys/KeyManager.h"

#include <functional>

namespace gatehouse::standalone {

/// The parts the backend speaks for; all must outlive it.
struct BackendParts {
    ObjectStore& store;
    keys::KeyManager& keys;
    controllers::ServingController& serving;
    const assessment::Assessor& assessor;
    const assessment::RunArchive& archive;
    const controllers::EvidencePackController& packs;
    std::string publicKeyPem;
    const Clock& clock;
    /// The `installation` document of docs/admin-api.md, less models and keys.
    std::function<json::Object()> installation;
    /// RFC 3339 of the last request made with that key; empty if never or not known.
    std::function<std::string(const std::string& nameSpace, const std::string& model, const std::string& clientId)>
        lastUsed;
    /// Nothing when the gateway takes requests, else why not.
    std::function<Result<void>()> gatewayReady;
    /// One request for the model list through the gateway's own port with this key; its HTTP status.
    std::function<Result<int>(const Secret& key, std::stop_token stop)> askGateway;
};

/// What the admin API asks of the agent beyond objects.
class StandaloneBackend final : public admin_api::Backend {
public:
    explicit StandaloneBackend(BackendParts parts);

    Result<std::vector<admin_api::KeyView>> keys(const std::string& nameSpace) override;
    Result<admin_api::MintedKeyView> mintKey(const admin_api::KeyRequest& request, std::stop_token stop) override;
    Result<admin_api::KeyView> revokeKey(const std::string& nameSpace, const std::string& clientId,
                                         std::stop_token stop) override;
    Result<admin_api::MintedKeyView> rotateKey(const std::string& nameSpace, const std::string& clientId,
                                               std::chrono::seconds grace, std::stop_token stop) override;
    Result<json::Object> installation() override;
    Result<json::Object> inventory(std::stop_token stop) override;
    Result<json::Object> probeReport(const std::string& nameSpace, const std::string& run) override;
    Result<std::string> transcript(const std::string& nameSpace, const std::string& run,
                                   const std::string& id) override;
    Result<std::string> packArchive(const std::string& nameSpace, const std::string& pack) override;
    Result<json::Object> verifyPack(const std::string& nameSpace, const std::string& pack,
                                    std::stop_token stop) override;
    Result<void> ready() override;

private:
    [[nodiscard]] Result<std::vector<Object>> models();
    /// The model meant by a model id or a CR name; Invalid when several are.
    [[nodiscard]] Result<Object> modelNamed(const std::string& nameSpace, const std::string& model);
    [[nodiscard]] admin_api::KeyView viewOf(keys::KeyMetadata metadata, const std::vector<Object>& models) const;
    [[nodiscard]] admin_api::MintedKeyView shown(keys::MintedKey minted);
    /// Waits until the gateway takes the key; Timeout when it does not.
    [[nodiscard]] Result<void> inForce(const keys::MintedKey& minted, std::stop_token stop);

    BackendParts m_parts;
};

} // namespace gatehouse::standalone
