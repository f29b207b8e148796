#include "agent/controllers/ModelStatus.h"

#include "agent/controllers/Conditions.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>

namespace gatehouse::controllers {
namespace {

Truth truthOf(bool value) {
    return value ? Truth::True : Truth::False;
}

/// One status while it is made: what holds so far, and the first reason why something does not.
class StatusDraft {
public:
    StatusDraft(const Object& model, const ModelFacts& facts)
        : m_model(model),
          m_facts(facts),
          m_planned(isPlanned(facts.plan, model.nameSpace(), model.name())),
          m_served(model.kind() == kinds::LLMModel.kind) {
        if (const json::Value* old = model.at("status"); old != nullptr && old->is_object()) {
            m_status = old->get_object();
        }
    }

    json::Object make() {
        tellPlan();
        tellRoute();
        tellUpstream();
        const bool ready = m_routed && (!m_served || m_facts.upstream.reachable) && !m_troubled;
        set("Ready", truthOf(ready), ready ? "Ready" : "NotReady", ready ? "" : m_why);
        m_status["phase"] = phase(ready);
        m_status["observedGeneration"] = m_model.generation();
        m_status["endpoints"] = m_routed ? json::Object{{"external", m_facts.externalUrl}} : json::Object{};
        if (m_served) {
            m_status["replicas"] = json::Object{{"ready", ready ? 1 : 0}, {"desired", 1}};
        }
        return std::move(m_status);
    }

private:
    void set(const std::string& type, Truth truth, const std::string& reason, const std::string& message) {
        setCondition(m_status, {type, truth, reason, message, m_model.generation()}, m_facts.now);
    }

    void tellPlan() {
        for (const auto& condition : m_facts.plan.conditions) {
            if (condition.nameSpace == m_model.nameSpace() && condition.model == m_model.name()) {
                set(condition.type, truthOf(condition.status), condition.reason, condition.message);
                m_troubled = m_troubled || !condition.status;
                m_why = !condition.status && m_why.empty() ? condition.message : m_why;
            }
        }
        if (m_planned && !m_troubled) {
            for (const char* type : {"Planned", "ModelIdsAvailable", "UpstreamConfigured"}) {
                set(type, Truth::True, "Ok", "");
            }
        }
    }

    void tellRoute() {
        m_routed = m_planned && m_facts.routed.has_value();
        m_why = m_why.empty() && !m_facts.routed ? m_facts.routed.error().describe() : m_why;
        set("RouteInForce", truthOf(m_routed), m_routed ? "Confirmed" : "NotRouted",
            m_routed ? "the gateway confirmed the route" : m_why);
    }

    void tellUpstream() {
        if (!m_served || !m_planned) {
            return;
        }
        const UpstreamState& upstream = m_facts.upstream;
        if (upstream.known) {
            set("UpstreamReachable", truthOf(upstream.reachable), upstream.reachable ? "Answers" : "NoAnswer",
                upstream.message);
        } else {
            set("UpstreamReachable", Truth::Unknown, "NotAskedYet", upstream.message);
        }
        m_why = m_why.empty() ? upstream.message : m_why;
    }

    [[nodiscard]] const char* phase(bool ready) const {
        if (ready) {
            return "Ready";
        }
        if (!m_served || !m_planned) {
            return "Error";
        }
        if (!m_routed) {
            return "Pending";
        }
        return m_troubled ? "Degraded" : "Starting";
    }

    const Object& m_model;
    const ModelFacts& m_facts;
    const bool m_planned;
    const bool m_served; ///< an LLMModel; the provider of a PassthroughModel is not asked
    bool m_routed = false;
    bool m_troubled = false;
    std::string m_why;
    json::Object m_status;
};

} // namespace

bool isPlanned(const serving_plan::ServingPlan& plan, const std::string& nameSpace, const std::string& name) {
    return std::any_of(plan.models.begin(), plan.models.end(),
                       [&](const auto& model) { return model.nameSpace == nameSpace && model.name == name; });
}

json::Object statusOf(const Object& model, const ModelFacts& facts) {
    return StatusDraft(model, facts).make();
}

} // namespace gatehouse::controllers
