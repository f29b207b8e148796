#include "core/object_store/Selector.h"

#include "core/object_store/NameRules.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace gatehouse {
namespace {

using Operator = LabelSelector::Operator;

std::optional<std::int64_t> integerOf(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// Reads a selector from left to right; the first thing that does not fit is the error.
class SelectorReader {
public:
    explicit SelectorReader(std::string_view text) : m_text(text) {}

    Result<std::vector<LabelSelector::Requirement>> read() {
        std::vector<LabelSelector::Requirement> all;
        skipSpace();
        while (m_at < m_text.size()) {
            auto requirement = readRequirement();
            if (!requirement) {
                return failure(requirement.error());
            }
            all.push_back(std::move(*requirement));
            skipSpace();
            if (m_at == m_text.size()) {
                break;
            }
            if (m_text[m_at] != ',') {
                return failure(unreadable("expected ',' before '" + std::string(m_text.substr(m_at, 16)) + "'"));
            }
            ++m_at;
            skipSpace();
            if (m_at == m_text.size()) {
                return failure(unreadable("it ends with ','"));
            }
        }
        return all;
    }

private:
    [[nodiscard]] Error unreadable(const std::string& why) const {
        return makeError(ErrorKind::BadRequest,
                         "the label selector '" + std::string(m_text.substr(0, 200)) + "' cannot be read: " + why,
                         "write it like app=chat,tier in (a,b),!legacy");
    }

    void skipSpace() {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\t')) {
            ++m_at;
        }
    }

    std::string word() {
        skipSpace();
        const std::size_t start = m_at;
        while (m_at < m_text.size() && std::string_view(" \t,()=!<>").find(m_text[m_at]) == std::string_view::npos) {
            ++m_at;
        }
        return std::string(m_text.substr(start, m_at - start));
    }

    bool take(std::string_view token) {
        skipSpace();
        if (!m_text.substr(m_at).starts_with(token)) {
            return false;
        }
        m_at += token.size();
        return true;
    }

    Result<LabelSelector::Requirement> readRequirement() {
        LabelSelector::Requirement requirement;
        const bool absent = take("!");
        requirement.key = word();
        if (const std::string problem = names::qualifiedNameProblem(requirement.key); !problem.empty()) {
            return failure(unreadable("the key '" + requirement.key + "' " + problem));
        }
        if (absent) {
            requirement.op = Operator::Absent;
            return requirement;
        }
        skipSpace();
        if (m_at == m_text.size() || m_text[m_at] == ',') {
            requirement.op = Operator::Exists;
            return requirement;
        }
        if (take("!=")) {
            requirement.op = Operator::NotIn;
            requirement.values.insert(word());
        } else if (take("==") || take("=")) {
            requirement.op = Operator::In;
            requirement.values.insert(word());
        } else if (take(">") || take("<")) {
            return readBound(std::move(requirement), m_text[m_at - 1] == '>');
        } else {
            return readSet(std::move(requirement));
        }
        return checked(std::move(requirement));
    }

    Result<LabelSelector::Requirement> readBound(LabelSelector::Requirement requirement, bool greater) {
        const auto bound = integerOf(word());
        if (!bound) {
            return failure(unreadable("after '>' and '<' an integer is needed"));
        }
        requirement.op = greater ? Operator::Greater : Operator::Less;
        requirement.bound = *bound;
        return requirement;
    }

    Result<LabelSelector::Requirement> readSet(LabelSelector::Requirement requirement) {
        const std::string name = word();
        if (name != "in" && name != "notin") {
            return failure(unreadable("'" + name + "' is no operator"));
        }
        requirement.op = name == "in" ? Operator::In : Operator::NotIn;
        if (!take("(")) {
            return failure(unreadable("after '" + name + "' comes a list in parentheses"));
        }
        do {
            requirement.values.insert(word());
        } while (take(","));
        if (!take(")")) {
            return failure(unreadable("')' is missing"));
        }
        return checked(std::move(requirement));
    }

    Result<LabelSelector::Requirement> checked(LabelSelector::Requirement requirement) {
        for (const std::string& value : requirement.values) {
            if (const std::string problem = names::labelValueProblem(value); !problem.empty()) {
                return failure(unreadable("the value '" + value.substr(0, 64) + "' " + problem));
            }
        }
        return requirement;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

bool holds(const LabelSelector::Requirement& requirement, const std::map<std::string, std::string>& labels) {
    const auto found = labels.find(requirement.key);
    const bool there = found != labels.end();
    switch (requirement.op) {
    case Operator::Exists:
        return there;
    case Operator::Absent:
        return !there;
    case Operator::In:
        return there && requirement.values.contains(found->second);
    case Operator::NotIn:
        return !there || !requirement.values.contains(found->second);
    case Operator::Greater:
    case Operator::Less: {
        const auto value = there ? integerOf(found->second) : std::nullopt;
        return value && (requirement.op == Operator::Greater ? *value > requirement.bound : *value < requirement.bound);
    }
    }
    return false;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

} // namespace

Result<LabelSelector> LabelSelector::parse(std::string_view text) {
    auto requirements = SelectorReader(text).read();
    if (!requirements) {
        return failure(requirements.error());
    }
    LabelSelector selector;
    selector.m_requirements = std::move(*requirements);
    return selector;
}

bool LabelSelector::matches(const std::map<std::string, std::string>& labels) const {
    return std::all_of(m_requirements.begin(), m_requirements.end(),
                       [&](const Requirement& requirement) { return holds(requirement, labels); });
}

Result<FieldSelector> FieldSelector::parse(std::string_view text) {
    FieldSelector selector;
    if (trimmed(text).empty()) {
        return selector;
    }
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        const std::string_view part = trimmed(text.substr(start, end - start));
        start = end + 1;
        const std::size_t equals = part.find('=');
        Requirement requirement;
        if (equals == std::string_view::npos) {
            return failure(ErrorKind::BadRequest, "the field selector '" + std::string(part) + "' cannot be read",
                           "write it like metadata.name=chat");
        }
        requirement.equal = equals == 0 || part[equals - 1] != '!';
        const std::string_view field = trimmed(part.substr(0, requirement.equal ? equals : equals - 1));
        std::string_view value = part.substr(equals + 1);
        if (requirement.equal && value.starts_with('=')) {
            value.remove_prefix(1);
        }
        requirement.value = trimmed(value);
        requirement.isName = field == "metadata.name";
        if (!requirement.isName && field != "metadata.namespace") {
            return failure(ErrorKind::BadRequest, "'" + std::string(field) + "' is no field to select by",
                           "use metadata.name or metadata.namespace");
        }
        selector.m_requirements.push_back(std::move(requirement));
    }
    return selector;
}

bool FieldSelector::matches(std::string_view nameSpace, std::string_view name) const {
    return std::all_of(m_requirements.begin(), m_requirements.end(), [&](const Requirement& requirement) {
        return ((requirement.isName ? name : nameSpace) == requirement.value) == requirement.equal;
    });
}

} // namespace gatehouse
