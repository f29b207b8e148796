#pragma once

#include "core/object_store/Object.h"

#include <span>

namespace gatehouse {

/// What the console, kubectl and the admin API may know of a kind besides its type.
struct KnownKind {
    ResourceType type;
    std::string singular;
    std::vector<std::string> shortNames;
    bool hasStatus = true;
    /// Virtual kinds are served by the agent out of other objects and are never in a store (ApiKey).
    bool isVirtual = false;
    std::string purpose; ///< one sentence, shown by `kubectl explain` and in the OpenAPI document
};

namespace kinds {
extern const ResourceType LLMModel;         ///< llm.nebari.dev/v1alpha1
extern const ResourceType PassthroughModel; ///< llm.nebari.dev/v1alpha1
extern const ResourceType ModelAccess;      ///< gatehouse.dev/v1alpha1, as the rest below
extern const ResourceType Endpoint;
extern const ResourceType OpenRoute;
extern const ResourceType EvidencePolicy;
extern const ResourceType ProbeRun;     ///< one run of the prober: spec asks, status tells how far it is
extern const ResourceType EvidencePack; ///< one pack: spec asks for it, status says where it is and whether it verifies
extern const ResourceType ApiKey;       ///< virtual: a key's metadata; the value is shown once, on create
extern const ResourceType Secret;
extern const ResourceType ConfigMap;
extern const ResourceType Namespace;
} // namespace kinds

/// Every kind the standalone agent serves, in the order of discovery.
[[nodiscard]] std::span<const KnownKind> knownKinds();
[[nodiscard]] const KnownKind* findKind(std::string_view apiVersion, std::string_view kind);
[[nodiscard]] const KnownKind* findPlural(std::string_view group, std::string_view version, std::string_view plural);

} // namespace gatehouse
