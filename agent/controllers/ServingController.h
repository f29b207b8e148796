#pragma once

#include "agent/assessment/ProbeKeys.h"
#include "agent/controllers/StoreFollower.h"
#include "agent/controllers/UpstreamHealth.h"
#include "agent/queue/WorkQueue.h"
#include "agent/serving_plan/ServingPlan.h"
#include "core/keys/KeyTable.h"
#include "core/object_store/ObjectStore.h"

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace gatehouse::controllers {

/// What the serving controller needs of the gateway.
struct GatewayPort {
    /// In force for every request after the return; never blocks on the network.
    std::function<void(std::shared_ptr<const keys::KeyTable>)> setKeys;
    /// Has the gateway serve by this plan: what it withdraws is refused at once, what it grants works when this
    /// returns. The answer says which models it had to leave out, and why; an error means that the plan is not in
    /// force.
    std::function<Result<std::vector<serving_plan::Condition>>(const serving_plan::ServingPlan&, std::stop_token)>
        enforce;
};

/// Keeps the gateway of one host doing what the objects say: any change of a model or a key leads to a new plan. Writes
/// phase, endpoints and conditions of every model, and clears the keys of deleted ones (finalizer of serving.md §3.4).
class ServingController {
public:
    ServingController(ObjectStore& store, assessment::ProbeKeys& probeKeys, GatewayPort gateway, const Clock& clock,
                      std::string externalUrl);
    ~ServingController();

    /// Reads the key objects now and gives them to the authorizer. After it returns, a new key is known and a revoked
    /// one refused. Called by whoever has changed a key; thread-safe.
    [[nodiscard]] Result<void> refreshKeys();
    /// Whether the gateway routes to the model by its current plan. Thread-safe.
    [[nodiscard]] bool isInForce(const std::string& nameSpace, const std::string& name) const;
    /// The plan the gateway confirmed last, or an empty one. Thread-safe.
    [[nodiscard]] std::shared_ptr<const serving_plan::ServingPlan> currentPlan() const;
    /// Has the next pass happen soon, for example because the gateway came back.
    void wake();

private:
    struct Pass;

    void work(std::stop_token stop);
    [[nodiscard]] Result<void> reconcile(std::stop_token stop);
    [[nodiscard]] Result<std::vector<Object>> listAll(const ResourceType& type);
    [[nodiscard]] Result<void> holdWithFinalizer(std::vector<Object>& models);
    /// Removes key objects of models that went without us, whatever became of their finalizer.
    [[nodiscard]] Result<void> dropLeftovers();
    [[nodiscard]] Result<void> release(const Object& model);
    [[nodiscard]] Result<void> writeStatuses(const Pass& pass);

    ObjectStore& m_store;
    assessment::ProbeKeys& m_probeKeys;
    GatewayPort m_gateway;
    const Clock& m_clock;
    const std::string m_externalUrl;
    queue::WorkQueue m_queue;

    mutable std::mutex m_mutex;                                ///< guards the five below
    std::shared_ptr<const serving_plan::ServingPlan> m_plan;   ///< newest made
    std::shared_ptr<const serving_plan::ServingPlan> m_routed; ///< newest that the gateway confirmed
    std::shared_ptr<const keys::KeyTable> m_keys;
    std::uint64_t m_keysRead = 0; ///< order of key reads, so that an older read never replaces a newer one
    std::uint64_t m_keysPublished = 0;

    UpstreamHealth m_health;
    std::vector<std::unique_ptr<StoreFollower>> m_followers;
    std::jthread m_worker; ///< last, so that it ends first
};

} // namespace gatehouse::controllers
