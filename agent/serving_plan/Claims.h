#pragma once

#include "core/api/Models.h"

#include <map>
#include <string>
#include <vector>

namespace gatehouse::serving_plan {

/// A model among those that compete for names and model ids.
struct Claimant {
    std::string kind;
    const api::Identity* identity = nullptr;
    std::vector<std::string> modelIds;
    bool catchAll = false;

    [[nodiscard]] std::string describe() const { return kind + " " + identity->nameSpace + "/" + identity->name; }
};

/// Who holds what. The older model wins (creationTimestamp, then namespace and name); one without a timestamp is the
/// youngest. A model's name is one of its claims, because an LLMModel and a PassthroughModel of one name would share a
/// key Secret. Holds pointers to the claimants' identities.
class Claims {
public:
    explicit Claims(std::vector<Claimant> claimants);

    /// Empty if the model holds its name, else who does.
    [[nodiscard]] std::string nameTakenBy(const std::string& kind, const api::Identity& identity) const;
    /// Empty if the model holds the id, else who does.
    [[nodiscard]] std::string idTakenBy(const std::string& id, const api::Identity& identity) const;
    [[nodiscard]] std::string catchAllTakenBy(const api::Identity& identity) const;

private:
    using Name = std::pair<std::string, std::string>;
    std::map<Name, Claimant> m_names;
    std::map<std::string, Claimant> m_ids;
    std::vector<Claimant> m_catchAll; ///< at most one
};

} // namespace gatehouse::serving_plan
