#pragma once

#include "agent/controllers/PackChain.h"
#include "agent/controllers/ProbeRunController.h"
#include "core/signing/Signing.h"

#include <filesystem>
#include <functional>

namespace gatehouse::controllers {

/// Does what EvidencePack objects ask for: one fresh ProbeRun (or the one that `spec.probeRun` names), one pack in
/// `<packs>/<namespace>-<name>-<uid>`, verified with the agent's own public key before it counts as completed. A pack
/// that a stop of the agent cut short is made again from the start. Nothing that was signed is ever removed, and all
/// packs of one agent form one chain.
class EvidencePackController {
public:
    EvidencePackController(ObjectStore& store, const assessment::Assessor& assessor, const ProbeRunController& runs,
                           const signing::Signer& signer, std::filesystem::path packs, const Clock& clock);
    ~EvidencePackController();

    /// Where the pack lies; NotFound unless it is complete.
    [[nodiscard]] Result<std::filesystem::path> pathOf(const std::string& nameSpace, const std::string& name) const;

private:
    void work(std::stop_token stop);
    [[nodiscard]] Result<void> handle(const std::string& nameSpace, const std::string& name, std::stop_token stop);
    [[nodiscard]] Result<json::Object> make(const Object& pack, std::stop_token stop);
    [[nodiscard]] Result<assessment::Assessment> assess(const Object& pack, std::stop_token stop);
    /// A ProbeRun of the pack's own, which goes with it.
    [[nodiscard]] Result<Object> createRun(const Object& pack);
    [[nodiscard]] Result<assessment::Assessment> awaitRun(const Object& pack, const std::string& name,
                                                          std::stop_token stop);
    [[nodiscard]] Result<std::optional<evidence::ChainLink>> previous() const;
    [[nodiscard]] Result<std::filesystem::path> writePack(const Object& pack,
                                                          const signing::SignedBundle& sealed) const;
    [[nodiscard]] std::filesystem::path folderOf(const Object& pack) const;

    ObjectStore& m_store;
    const assessment::Assessor& m_assessor;
    const ProbeRunController& m_runs;
    const signing::Signer& m_signer;
    const std::filesystem::path m_packs;
    const PackChain m_chain;
    const Clock& m_clock;
    queue::WorkQueue m_queue;
    std::unique_ptr<StoreFollower> m_follower;
    std::jthread m_worker; ///< last, so that it ends first
};

} // namespace gatehouse::controllers
