#include "core/object_store/KnownKinds.h"

#include <algorithm>
#include <array>

namespace gatehouse {
namespace {

constexpr const char* Nebari = "llm.nebari.dev";
constexpr const char* Gatehouse = "gatehouse.dev";

} // namespace

namespace kinds {
const ResourceType LLMModel{Nebari, "v1alpha1", "LLMModel", "llmmodels"};
const ResourceType PassthroughModel{Nebari, "v1alpha1", "PassthroughModel", "passthroughmodels"};
const ResourceType ModelAccess{Gatehouse, "v1alpha1", "ModelAccess", "modelaccesses"};
const ResourceType Endpoint{Gatehouse, "v1alpha1", "Endpoint", "endpoints"};
const ResourceType OpenRoute{Gatehouse, "v1alpha1", "OpenRoute", "openroutes"};
const ResourceType EvidencePolicy{Gatehouse, "v1alpha1", "EvidencePolicy", "evidencepolicies"};
const ResourceType ProbeRun{Gatehouse, "v1alpha1", "ProbeRun", "proberuns"};
const ResourceType EvidencePack{Gatehouse, "v1alpha1", "EvidencePack", "evidencepacks"};
const ResourceType ApiKey{Gatehouse, "v1alpha1", "ApiKey", "apikeys"};
const ResourceType Secret{"", "v1", "Secret", "secrets"};
const ResourceType ConfigMap{"", "v1", "ConfigMap", "configmaps"};
const ResourceType Namespace{"", "v1", "Namespace", "namespaces", false};
} // namespace kinds

std::span<const KnownKind> knownKinds() {
    static const std::array all{
        KnownKind{kinds::LLMModel, "llmmodel", {"llm"}, true, false, "A model that is served here."},
        KnownKind{kinds::PassthroughModel,
                  "passthroughmodel",
                  {"ptm"},
                  true,
                  false,
                  "Models of an outside provider, served through the gateway."},
        KnownKind{kinds::ModelAccess, "modelaccess", {}, true, false, "Who may call which model."},
        KnownKind{kinds::Endpoint,
                  "endpoint",
                  {"ep"},
                  true,
                  false,
                  "A model endpoint elsewhere that is kept in the inventory."},
        KnownKind{kinds::OpenRoute,
                  "openroute",
                  {},
                  true,
                  false,
                  "A route that may be reached without authentication: owner, reason, approver, expiry."},
        KnownKind{kinds::EvidencePolicy,
                  "evidencepolicy",
                  {},
                  true,
                  false,
                  "When evidence is made, of what, and where it goes."},
        KnownKind{kinds::ProbeRun, "proberun", {}, true, false, "One run of the prober."},
        KnownKind{kinds::EvidencePack, "evidencepack", {"pack"}, true, false, "One signed evidence pack."},
        KnownKind{
            kinds::ApiKey, "apikey", {"key"}, true, true, "An API key; its value is shown once, when it is made."},
        KnownKind{kinds::Secret,
                  "secret",
                  {},
                  false,
                  false,
                  "Provider credentials. Values can be written and never read back."},
        KnownKind{kinds::ConfigMap, "configmap", {"cm"}, false, false, "Key metadata."},
        KnownKind{
            kinds::Namespace, "namespace", {"ns"}, false, true, "Namespaces exist as soon as something is in them."},
    };
    return all;
}

const KnownKind* findKind(std::string_view apiVersion, std::string_view kind) {
    const auto all = knownKinds();
    const auto found = std::find_if(all.begin(), all.end(), [&](const KnownKind& known) {
        return known.type.kind == kind && known.type.apiVersion() == apiVersion;
    });
    return found == all.end() ? nullptr : &*found;
}

const KnownKind* findPlural(std::string_view group, std::string_view version, std::string_view plural) {
    const auto all = knownKinds();
    const auto found = std::find_if(all.begin(), all.end(), [&](const KnownKind& known) {
        return known.type.group == group && known.type.version == version && known.type.plural == plural;
    });
    return found == all.end() ? nullptr : &*found;
}

} // namespace gatehouse
