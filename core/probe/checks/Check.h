#pragma once

#include "core/probe/Catalogue.h"
#include "core/probe/ProbeRequest.h"
#include "core/probe/Prober.h"

#include <memory>
#include <string>
#include <vector>

namespace gatehouse::probe {

/// One form of what a check sends.
struct Variant {
    std::string name; ///< empty if the check has one form only
    std::vector<RequestHeader> headers;
    /// Name the endpoint's own model where one is known (a token may be spent if the endpoint is open); otherwise a
    /// made-up one.
    bool ownModel = false;
};

/// One thing a stranger may try. Stateless.
/// To add one: a pair of files in core/probe/checks/ and a line in AllChecks.cpp.
class Check {
public:
    virtual ~Check() = default;
    [[nodiscard]] virtual std::string id() const = 0;
    /// One clause: what is sent, for people.
    [[nodiscard]] virtual std::string title() const = 0;

    /// Id of the finding if it gets through: a row of docs/findings.md.
    [[nodiscard]] virtual std::string findingId() const = 0;
    /// The forms for this endpoint and route; none if the check does not apply (no such credential given). Random parts
    /// are new each time.
    [[nodiscard]] virtual std::vector<Variant> variants(const ProbeTarget& target, const Route& route) const = 0;

    /// Runs only with leave to be destructive.
    [[nodiscard]] virtual bool destructive() const { return false; }

    /// The caller is known elsewhere, so a list of models that lacks this endpoint's is a fair answer.
    [[nodiscard]] virtual bool otherCallersList() const { return false; }
};

/// In the order they run.
[[nodiscard]] const std::vector<std::unique_ptr<Check>>& allChecks();

} // namespace gatehouse::probe
