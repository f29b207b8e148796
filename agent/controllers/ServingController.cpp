#include "agent/controllers/ServingController.h"

#include "agent/controllers/ModelStatus.h"
#include "agent/controllers/StatusWriter.h"
#include "agent/queue/WorkOff.h"
#include "agent/serving_plan/MakePlan.h"
#include "core/keys/KeyManager.h"
#include "core/logging/Log.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>
#include <iterator>

namespace gatehouse::controllers {
namespace {

constexpr const char* Everything = "everything";
constexpr const char* CleanupFinalizer = "llm.nebari.dev/cleanup";

bool isKeyObject(const Object& object) {
    return !keys::modelOfSecretName(object.name()).empty() || !keys::modelOfMetadataName(object.name()).empty();
}

bool isAmong(const std::vector<serving_plan::Condition>& conditions, const serving_plan::PlannedModel& model) {
    return std::any_of(conditions.begin(), conditions.end(), [&](const auto& condition) {
        return condition.nameSpace == model.nameSpace && condition.model == model.name;
    });
}

} // namespace

/// What one pass knows.
struct ServingController::Pass {
    std::vector<Object> models; ///< both kinds, also those being deleted
    serving_plan::ServingPlan plan;
    Result<void> routed;
};

ServingController::ServingController(ObjectStore& store, assessment::ProbeKeys& probeKeys, GatewayPort gateway,
                                     const Clock& clock, std::string externalUrl)
    : m_store(store),
      m_probeKeys(probeKeys),
      m_gateway(std::move(gateway)),
      m_clock(clock),
      m_externalUrl(std::move(externalUrl)),
      m_plan(std::make_shared<serving_plan::ServingPlan>()),
      m_routed(m_plan),
      m_keys(std::make_shared<keys::KeyTable>()),
      m_health([this] { wake(); }) {
    for (const ResourceType* type : {&kinds::LLMModel, &kinds::PassthroughModel}) {
        m_followers.push_back(std::make_unique<StoreFollower>(store, *type, [this](const Object&, bool) { wake(); }));
    }
    for (const ResourceType* type : {&kinds::Secret, &kinds::ConfigMap}) {
        m_followers.push_back(std::make_unique<StoreFollower>(store, *type, [this](const Object&, bool) { wake(); }));
    }
    wake();
    m_worker = std::jthread([this](std::stop_token stop) { work(stop); });
}

ServingController::~ServingController() {
    m_worker.request_stop();
    m_followers.clear();
}

void ServingController::wake() {
    m_queue.add(Everything);
}

bool ServingController::isInForce(const std::string& nameSpace, const std::string& name) const {
    const std::lock_guard lock(m_mutex);
    return isPlanned(*m_routed, nameSpace, name) && isPlanned(*m_plan, nameSpace, name);
}

std::shared_ptr<const serving_plan::ServingPlan> ServingController::currentPlan() const {
    const std::lock_guard lock(m_mutex);
    return m_routed;
}

void ServingController::work(std::stop_token stop) {
    queue::workOff(m_queue, "the gateway does not yet follow the objects; trying again", stop,
                   [&](const std::string&) { return reconcile(stop); });
}

Result<std::vector<Object>> ServingController::listAll(const ResourceType& type) {
    auto list = m_store.list(type, {});
    if (!list) {
        return failure(std::move(list.error()));
    }
    return std::move(list->items);
}

Result<void> ServingController::refreshKeys() {
    std::uint64_t order = 0;
    {
        const std::lock_guard lock(m_mutex);
        order = ++m_keysRead;
    }
    auto secrets = listAll(kinds::Secret);
    auto metadata = listAll(kinds::ConfigMap);
    if (!secrets || !metadata) {
        return failure(because("the keys could not be read", secrets ? metadata.error() : secrets.error()));
    }
    std::erase_if(*secrets, [](const Object& object) { return !isKeyObject(object); });
    std::erase_if(*metadata, [](const Object& object) { return !isKeyObject(object); });
    auto table =
        std::make_shared<const keys::KeyTable>(keys::KeyTable::from(*secrets, *metadata).with(m_probeKeys.entries()));
    for (const std::string& problem : table->problems()) {
        log::warning("a key is left out", {{"reason", problem}});
    }
    const std::lock_guard lock(m_mutex);
    if (order >= m_keysPublished) {
        m_keysPublished = order;
        m_keys = std::move(table);
        m_gateway.setKeys(m_keys);
    }
    return {};
}

Result<void> ServingController::reconcile(std::stop_token stop) {
    if (auto dropped = dropLeftovers(); !dropped) {
        return dropped;
    }
    Pass pass;
    std::vector<Object> objects;
    for (const ResourceType* type : {&kinds::LLMModel, &kinds::PassthroughModel}) {
        auto list = listAll(*type);
        if (!list) {
            return failure(std::move(list.error()));
        }
        std::move(list->begin(), list->end(), std::back_inserter(pass.models));
    }
    if (auto held = holdWithFinalizer(pass.models); !held) {
        return held;
    }
    auto secrets = listAll(kinds::Secret);
    if (!secrets) {
        return failure(std::move(secrets.error()));
    }
    objects = pass.models;
    std::move(secrets->begin(), secrets->end(), std::back_inserter(objects));
    pass.plan = serving_plan::makePlan(serving_plan::inputsFrom(serving_plan::Target::SingleHost, objects));
    m_health.watch(pass.plan);
    std::vector<assessment::ProbeKeys::Model> names;
    for (const auto& model : pass.plan.models) {
        names.emplace_back(model.nameSpace, model.name);
    }
    m_probeKeys.ensure(names);
    const auto shared = std::make_shared<const serving_plan::ServingPlan>(pass.plan);
    {
        const std::lock_guard lock(m_mutex);
        m_plan = shared;
    }
    if (auto refreshed = refreshKeys(); !refreshed) {
        return refreshed;
    }
    auto leftOut = m_gateway.enforce(pass.plan, stop);
    if (leftOut) {
        std::erase_if(pass.plan.models, [&](const auto& model) { return isAmong(*leftOut, model); });
        std::move(leftOut->begin(), leftOut->end(), std::back_inserter(pass.plan.conditions));
        const std::lock_guard lock(m_mutex);
        m_routed = std::make_shared<const serving_plan::ServingPlan>(pass.plan);
    } else {
        pass.routed = failure(std::move(leftOut.error()));
    }
    for (const Object& model : pass.models) {
        if (model.isBeingDeleted() && pass.routed) {
            if (auto released = release(model); !released) {
                return released;
            }
        }
    }
    if (auto written = writeStatuses(pass); !written) {
        return written;
    }
    return pass.routed;
}

Result<void> ServingController::holdWithFinalizer(std::vector<Object>& models) {
    for (Object& model : models) {
        const auto present = model.finalizers();
        if (model.isBeingDeleted() || std::find(present.begin(), present.end(), CleanupFinalizer) != present.end()) {
            continue;
        }
        json::Array finalizers(present.begin(), present.end());
        finalizers.emplace_back(CleanupFinalizer);
        const json::Value patch{
            {"metadata", {{"finalizers", finalizers}, {"resourceVersion", model.resourceVersion()}}}};
        const KnownKind* known = findKind(model.apiVersion(), model.kind());
        auto patched = m_store.patch({known->type, model.nameSpace(), model.name()}, PatchType::Merge, patch);
        if (patched) {
            model = std::move(*patched);
        } else if (patched.error().kind != ErrorKind::NotFound) {
            return failure(because("the finalizer could not be set", std::move(patched.error())));
        }
    }
    return {};
}

Result<void> ServingController::dropLeftovers() {
    // Keys first: a model that is not there after its keys were seen is gone, not yet to come.
    std::vector<std::pair<const ResourceType*, Object>> keyObjects;
    for (const ResourceType* type : {&kinds::Secret, &kinds::ConfigMap}) {
        auto list = listAll(*type);
        if (!list) {
            return failure(std::move(list.error()));
        }
        for (Object& object : *list) {
            if (isKeyObject(object) && !object.annotation(keys::ModelUidAnnotation).empty()) {
                keyObjects.emplace_back(type, std::move(object));
            }
        }
    }
    std::set<std::string> uids;
    for (const ResourceType* type : {&kinds::LLMModel, &kinds::PassthroughModel}) {
        const auto list = listAll(*type);
        if (!list) {
            return failure(list.error());
        }
        for (const Object& model : *list) {
            uids.insert(model.uid());
        }
    }
    for (const auto& [type, object] : keyObjects) {
        if (uids.contains(object.annotation(keys::ModelUidAnnotation))) {
            continue;
        }
        log::warning("keys of a model that is gone are removed",
                     {{"object", object.kind() + " " + object.nameSpace() + "/" + object.name()}});
        const auto removed =
            m_store.remove({*type, object.nameSpace(), object.name()}, {.preconditions = {.uid = object.uid()}});
        if (!removed && removed.error().kind != ErrorKind::NotFound && removed.error().kind != ErrorKind::Conflict) {
            return failure(because("the keys of a model that is gone could not be removed", removed.error()));
        }
    }
    return {};
}

Result<void> ServingController::release(const Object& model) {
    for (const ObjectKey& key : {ObjectKey{kinds::Secret, model.nameSpace(), keys::secretNameOf(model.name())},
                                 ObjectKey{kinds::ConfigMap, model.nameSpace(), keys::metadataNameOf(model.name())}}) {
        const auto object = m_store.get(key);
        if (object && !keys::belongsTo(*object, model.uid())) {
            continue; // a namesake was made meanwhile
        }
        auto removed = object ? m_store.remove(key, {.preconditions = {.uid = object->uid()}}) : object;
        if (!removed && removed.error().kind != ErrorKind::NotFound) {
            return failure(because("the keys of a deleted model could not be removed", std::move(removed.error())));
        }
    }
    json::Array left;
    for (const std::string& finalizer : model.finalizers()) {
        if (finalizer != CleanupFinalizer) {
            left.emplace_back(finalizer);
        }
    }
    const json::Value patch{{"metadata", {{"finalizers", left}}}};
    const KnownKind* known = findKind(model.apiVersion(), model.kind());
    auto patched = m_store.patch({known->type, model.nameSpace(), model.name()}, PatchType::Merge, patch);
    if (!patched && patched.error().kind != ErrorKind::NotFound) {
        return failure(because("the finalizer could not be removed", std::move(patched.error())));
    }
    return {};
}

Result<void> ServingController::writeStatuses(const Pass& pass) {
    for (const Object& model : pass.models) {
        if (model.isBeingDeleted()) {
            continue;
        }
        const UpstreamState upstream = m_health.stateOf(model.nameSpace(), model.name());
        const json::Object status = statusOf(model, {pass.plan, pass.routed, upstream, m_externalUrl, m_clock.now()});
        const json::Value* old = model.at("status");
        if (old != nullptr && json::canonical(*old) == json::canonical(status)) {
            continue;
        }
        const KnownKind* known = findKind(model.apiVersion(), model.kind());
        auto written = writeStatus(m_store, {known->type, model.nameSpace(), model.name()}, status);
        if (!written) {
            return failure(because("a status could not be written", std::move(written.error())));
        }
    }
    return {};
}

} // namespace gatehouse::controllers
