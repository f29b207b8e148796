#pragma once

#include "agent/serving_plan/ServingPlan.h"
#include "core/keys/KeyTable.h"

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::authorizer {

/// What the authorizer needs to know of one model.
struct DirectoryEntry {
    std::string nameSpace;
    std::string name;
    std::string routeName; ///< what Envoy's route table calls it: "<namespace>/<name>"
    std::vector<std::string> modelIds;
    bool catchAll = false;
    bool anyAuthenticated = false; ///< any valid key may call it

    bool operator==(const DirectoryEntry&) const = default;
};

/// The models of a plan by who may call them. Immutable; shared between threads as a pointer to const.
class ModelDirectory {
public:
    ModelDirectory() = default;
    /// Models with an upstream and an external route; everything else cannot be called on one host.
    [[nodiscard]] static ModelDirectory from(const serving_plan::ServingPlan& plan);
    /// What stands in both with the same meaning: safe to enforce while routes are being changed from one to the other.
    [[nodiscard]] ModelDirectory onlyAlsoIn(const ModelDirectory& other) const;

    /// The model that `key` means by `modelId`, or null: unknown and foreign ids are the same. The key's own model
    /// comes first, then models open to every key; exact ids before catch-alls.
    [[nodiscard]] const DirectoryEntry* resolve(const keys::KeyEntry& key, std::string_view modelId) const;
    /// The model ids `key` may ask for, sorted, each once.
    [[nodiscard]] std::vector<std::string> idsFor(const keys::KeyEntry& key) const;

    [[nodiscard]] const std::vector<DirectoryEntry>& entries() const { return m_entries; }

private:
    std::vector<DirectoryEntry> m_entries; ///< sorted by namespace, name
};

} // namespace gatehouse::authorizer
