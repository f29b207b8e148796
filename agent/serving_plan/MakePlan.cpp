#include "agent/serving_plan/MakePlan.h"

#include "agent/serving_plan/Claims.h"
#include "agent/serving_plan/Workloads.h"
#include "core/api/GatewayDuration.h"
#include "core/api/Validation.h"

#include <algorithm>
#include <set>

namespace gatehouse::serving_plan {
namespace {

constexpr const char* LlmModel = "LLMModel";
constexpr const char* Passthrough = "PassthroughModel";
constexpr const char* ProviderTimeout = "120s"; // serving.md §2.12: fixed

using SecretName = std::pair<std::string, std::string>;

class Planner {
public:
    explicit Planner(const Inputs& inputs) : m_inputs(inputs), m_claims(claimantsOf(inputs)) {
        m_plan.conditions = inputs.unreadable;
        for (const KeySecret& secret : inputs.keySecrets) {
            m_secrets.emplace(SecretName{secret.nameSpace, secret.name}, &secret);
        }
    }

    ServingPlan make() {
        for (const api::LLMModel& model : m_inputs.models) {
            plan(model);
        }
        for (const api::PassthroughModel& model : m_inputs.passthroughs) {
            plan(model);
        }
        std::sort(m_plan.models.begin(), m_plan.models.end(), [](const PlannedModel& a, const PlannedModel& b) {
            return std::tie(a.nameSpace, a.name) < std::tie(b.nameSpace, b.name);
        });
        std::sort(m_plan.conditions.begin(), m_plan.conditions.end(), [](const Condition& a, const Condition& b) {
            return std::tie(a.nameSpace, a.model, a.type) < std::tie(b.nameSpace, b.model, b.type);
        });
        if (m_inputs.target == Target::Cluster) {
            fillCredentialPools();
        }
        return std::move(m_plan);
    }

private:
    /// A model that breaks a rule or is going away claims nothing: it must not keep a sound one from being served.
    static std::vector<Claimant> claimantsOf(const Inputs& inputs) {
        std::vector<Claimant> claimants;
        for (const api::LLMModel& model : inputs.models) {
            if (!model.identity.beingDeleted && api::validate(model).empty()) {
                claimants.push_back({LlmModel, &model.identity, {model.model.name}, false});
            }
        }
        for (const api::PassthroughModel& model : inputs.passthroughs) {
            if (!model.identity.beingDeleted && api::validate(model).empty()) {
                claimants.push_back({Passthrough, &model.identity, model.declared, model.catchAll});
            }
        }
        return claimants;
    }

    void report(const api::Identity& model, const char* type, const char* reason, std::string message) {
        m_plan.conditions.push_back({model.nameSpace, model.name, type, false, reason, std::move(message)});
    }

    /// False (and a condition) if the model must be left out altogether.
    bool isPlannable(const char* kind, const api::Identity& identity, const std::vector<Error>& errors) {
        if (identity.beingDeleted) {
            return false;
        }
        if (!errors.empty()) {
            report(identity, "Planned", "Invalid", errors.front().describe());
            return false;
        }
        if (const std::string holder = m_claims.nameTakenBy(kind, identity); !holder.empty()) {
            report(identity, "Planned", "NameTaken", "the name is already used by " + holder + "; choose another name");
            return false;
        }
        return true;
    }

    /// The ids this model may have; a condition says which it may not.
    std::vector<std::string> availableIds(const api::Identity& identity, const std::vector<std::string>& wanted) {
        std::vector<std::string> available;
        std::string taken;
        for (const std::string& id : wanted) {
            if (const std::string holder = m_claims.idTakenBy(id, identity); holder.empty()) {
                available.push_back(id);
            } else {
                taken += (taken.empty() ? "" : ", ") + id + " (" + holder + ")";
            }
        }
        if (!taken.empty()) {
            report(identity, "ModelIdsAvailable", "ModelIdTaken",
                   "an older model already has the model id " + taken + "; give one of the two another id");
        }
        return available;
    }

    static PlannedModel basicsOf(ModelKind kind, const api::Identity& identity) {
        PlannedModel planned;
        planned.kind = kind;
        planned.nameSpace = identity.nameSpace;
        planned.name = identity.name;
        planned.uid = identity.uid;
        if (const auto note = identity.annotations.find(api::NoteAnnotation); note != identity.annotations.end()) {
            planned.note = note->second;
        }
        return planned;
    }

    void plan(const api::LLMModel& model) {
        if (!isPlannable(LlmModel, model.identity, api::validate(model))) {
            return;
        }
        const std::vector<std::string> ids = availableIds(model.identity, {model.model.name});
        if (ids.empty()) {
            report(model.identity, "Planned", "ModelIdTaken", "its model id belongs to an older model");
            return;
        }
        PlannedModel planned = basicsOf(ModelKind::Served, model.identity);
        if (m_inputs.target == Target::SingleHost) {
            if (!setUpstream(model, planned)) {
                return;
            }
        } else if (!setWorkload(model, planned)) {
            return;
        }
        addRoutes(planned, model.identity, model.access, model.endpoints, ids, false, model.endpoints.requestTimeout);
        m_plan.models.push_back(std::move(planned));
    }

    bool setUpstream(const api::LLMModel& model, PlannedModel& planned) {
        const auto annotation = model.identity.annotations.find(api::UpstreamAnnotation);
        if (annotation == model.identity.annotations.end()) {
            report(model.identity, "UpstreamConfigured", "UpstreamMissing",
                   std::string("annotation ") + api::UpstreamAnnotation +
                       " is missing; say where the model server is, for example http://127.0.0.1:8001");
            return false;
        }
        const Result<api::UpstreamUrl> url = api::parseUpstreamUrl(annotation->second);
        if (!url) {
            report(model.identity, "UpstreamConfigured", "UpstreamInvalid",
                   std::string("annotation ") + api::UpstreamAnnotation + " " + url.error().describe());
            return false;
        }
        const auto secret = model.identity.annotations.find(api::UpstreamSecretAnnotation);
        if (secret != model.identity.annotations.end() && secret->second.ends_with("-api-keys")) {
            report(model.identity, "UpstreamConfigured", "SecretReserved",
                   std::string("annotation ") + api::UpstreamSecretAnnotation + " names " + secret->second +
                       ", which holds the gateway's own keys; name a Secret with the model server's key");
            return false;
        }
        planned.upstream = Upstream{url->scheme,
                                    url->host,
                                    url->port,
                                    url->prefix,
                                    secret == model.identity.annotations.end() ? std::string() : secret->second,
                                    true};
        return true;
    }

    bool setWorkload(const api::LLMModel& model, PlannedModel& planned) {
        planned.workload = workloadFor(model, m_inputs.settings);
        const ModelFiles& files = planned.workload->files;
        if (files.claim && files.size.empty()) {
            report(
                model.identity, "Planned", "Invalid",
                "spec.model.storage.size is empty, but a persistent volume needs a size; write a quantity, for example "
                "200Gi");
            return false;
        }
        if (files.loader == ModelFiles::Loader::CopyFromImage && files.image.empty()) {
            report(model.identity, "Planned", "Invalid",
                   "spec.model.image is empty, but source oci copies the model out of an image; name the image");
            return false;
        }
        return true;
    }

    void plan(const api::PassthroughModel& model) {
        if (!isPlannable(Passthrough, model.identity, api::validate(model))) {
            return;
        }
        const std::vector<std::string> ids = availableIds(model.identity, model.declared);
        const std::string holder = model.catchAll ? m_claims.catchAllTakenBy(model.identity) : std::string();
        if (!holder.empty()) {
            report(model.identity, "ModelIdsAvailable", "CatchAllTaken", holder + " already catches all model ids");
        }
        const bool catchAll = model.catchAll && holder.empty();
        if (ids.empty() && !catchAll) {
            report(model.identity, "Planned", "ModelIdTaken", "all its model ids belong to older models");
            return;
        }
        PlannedModel planned = basicsOf(ModelKind::Passthrough, model.identity);
        const auto port = static_cast<std::uint16_t>(model.port);
        if (m_inputs.target == Target::SingleHost) {
            planned.upstream = Upstream{
                "https", model.hostname, port, prefixOf(model.schemaVersion), model.credentialSecretName, true};
        } else {
            planned.provider = Provider{model.hostname, port, model.schemaVersion, model.credentialSecretName};
        }
        addRoutes(planned, model.identity, model.access, model.endpoints, ids, catchAll, ProviderTimeout);
        m_plan.models.push_back(std::move(planned));
    }

    static std::string prefixOf(std::string version) {
        while (version.ends_with('/')) {
            version.pop_back();
        }
        version.erase(0, std::min(version.find_first_not_of('/'), version.size()));
        return version.empty() || version == "v1" ? std::string() : "/" + version;
    }

    void addRoutes(PlannedModel& planned, const api::Identity& identity, const api::Access& access,
                   const api::Endpoints& endpoints, const std::vector<std::string>& ids, bool catchAll,
                   const std::string& timeout) {
        const auto add = [&](ListenerKind listener, const CallerRule& callers) {
            PlannedRoute route;
            route.listener = listener;
            route.timeoutText = timeout;
            route.timeout = api::parseGatewayDuration(timeout).value_or(route.timeout);
            route.callers = callers;
            if (!ids.empty()) {
                route.modelIds = ids;
                planned.routes.push_back(route);
            }
            if (catchAll) {
                route.modelIds.clear();
                route.catchAll = true;
                planned.routes.push_back(route);
            }
        };
        if (endpoints.external) {
            if (const std::optional<CallerRule> callers = keyHolders(identity); callers) {
                add(ListenerKind::External, *callers);
            }
        }
        if (endpoints.internal) {
            add(ListenerKind::Internal,
                {access.isPublic, access.isPublic ? std::vector<std::string>() : access.groups, {}});
        }
    }

    /// Who holds a key of this model; none if its key Secret would break the gateway.
    std::optional<CallerRule> keyHolders(const api::Identity& identity) {
        const auto found = m_secrets.find({identity.nameSpace, identity.name + "-api-keys"});
        if (found == m_secrets.end()) {
            return CallerRule{};
        }
        if (found->second->hasEmptyValue) {
            report(identity, "KeysUsable", "EmptyKey",
                   "Secret " + found->second->name +
                       " holds an empty key, which would open the gateway; remove the entry");
            return std::nullopt;
        }
        CallerRule callers;
        std::copy_if(found->second->clientIds.begin(), found->second->clientIds.end(),
                     std::back_inserter(callers.clientIds), [](const std::string& id) { return id != NoClient; });
        return callers;
    }

    /// The gateway authenticates before it knows the model, so every policy of a namespace knows every key of it
    /// (gateway-measured.md §4); the allow-list then tells the models apart.
    void fillCredentialPools() {
        std::map<std::string, std::set<std::string>> pools;
        for (const KeySecret& secret : m_inputs.keySecrets) {
            if (secret.ours) {
                pools[secret.nameSpace].insert(secret.name);
            }
        }
        for (const PlannedModel& model : m_plan.models) {
            pools[model.nameSpace].insert(model.name + "-api-keys");
        }
        for (const KeySecret& secret : m_inputs.keySecrets) {
            if (secret.hasEmptyValue) {
                pools[secret.nameSpace].erase(secret.name);
            }
        }
        for (PlannedModel& model : m_plan.models) {
            const std::set<std::string>& pool = pools[model.nameSpace];
            model.credentialPool.assign(pool.begin(), pool.end());
        }
    }

    const Inputs& m_inputs;
    Claims m_claims;
    std::map<SecretName, const KeySecret*> m_secrets;
    ServingPlan m_plan;
};

} // namespace

ServingPlan makePlan(const Inputs& inputs) {
    return Planner(inputs).make();
}

} // namespace gatehouse::serving_plan
