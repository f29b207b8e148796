#pragma once

#include "core/keys/KeyTable.h"
#include "core/secrets/Secret.h"

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::assessment {

/// Tenant and owner under which the prober's requests stand in the access log.
inline constexpr const char* ProbeOwner = "gatehouse-probe";

/// The agent's own keys for positive controls: one for each model, made anew at every start, held in memory only and
/// never listed among the users' keys. Thread-safe.
class ProbeKeys {
public:
    using Model = std::pair<std::string, std::string>; ///< namespace, CR name

    /// Makes keys for models that have none and forgets those of models that are gone. True if anything changed.
    bool ensure(const std::vector<Model>& models);
    /// A copy of the model's key; empty when it has none.
    [[nodiscard]] Secret keyOf(const Model& model) const;
    /// What the authorizer must know of them.
    [[nodiscard]] std::vector<std::pair<crypto::Sha256, keys::KeyEntry>> entries() const;

private:
    mutable std::mutex m_mutex;
    std::map<Model, Secret> m_keys;
};

} // namespace gatehouse::assessment
