#pragma once

#include "core/object_store/Object.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

/// A label selector in Kubernetes' own syntax: "a=b, c!=d, e in (x,y), f notin (z), g, !h, i>1, j<2", all of which must
/// hold. Immutable, thread-safe.
class LabelSelector {
public:
    LabelSelector() = default;
    /// BadRequest when it cannot be read; an empty text selects everything.
    [[nodiscard]] static Result<LabelSelector> parse(std::string_view text);
    [[nodiscard]] bool matches(const std::map<std::string, std::string>& labels) const;

    [[nodiscard]] bool selectsAll() const { return m_requirements.empty(); }

    enum class Operator { In, NotIn, Exists, Absent, Greater, Less };

    struct Requirement {
        std::string key;
        Operator op = Operator::Exists;
        std::set<std::string> values;
        std::int64_t bound = 0;
    };

private:
    std::vector<Requirement> m_requirements;
};

/// "metadata.name=x,metadata.namespace!=y": the two fields every kind can be selected by.
class FieldSelector {
public:
    FieldSelector() = default;
    [[nodiscard]] static Result<FieldSelector> parse(std::string_view text);
    [[nodiscard]] bool matches(std::string_view nameSpace, std::string_view name) const;

private:
    struct Requirement {
        bool isName = true;
        bool equal = true;
        std::string value;
    };

    std::vector<Requirement> m_requirements;
};

} // namespace gatehouse
