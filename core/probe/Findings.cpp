#include "core/probe/Findings.h"

#include "core/probe/checks/Check.h"

#include <algorithm>
#include <map>

namespace gatehouse::probe {
namespace {

bool isGrave(const CheckResult& check) {
    return check.routeClass == "inference" || check.routeClass == "control" || check.routeClass == "models";
}

struct Opened {
    std::vector<std::string> routes;
    std::vector<std::string> transcripts;

    void add(const CheckResult& check) {
        if (std::find(routes.begin(), routes.end(), check.route) == routes.end()) {
            routes.push_back(check.route);
        }
        if (!check.transcript.empty()) {
            transcripts.push_back(check.transcript);
        }
    }

    [[nodiscard]] std::string text() const {
        std::string out;
        for (std::size_t i = 0; i < routes.size() && i < 8; ++i) {
            out += (i == 0 ? "" : ", ") + routes[i];
        }
        return routes.size() > 8 ? out + " and " + std::to_string(routes.size() - 8) + " more" : out;
    }
};

} // namespace

std::vector<Finding> findingsOf(const EndpointReport& endpoint, bool echoedSecret) {
    std::map<std::string, Opened> grave;
    Opened telling;
    Opened expired;
    for (const CheckResult& check : endpoint.checks) {
        if (check.verdict != Verdict::Reached) {
            continue;
        }
        isGrave(check) ? grave[check.id].add(check) : telling.add(check);
        if (check.reason.find("its openRoutes entry does not count") != std::string::npos) {
            expired.add(check);
        }
    }
    std::vector<Finding> findings;
    for (const auto& check : allChecks()) {
        if (const auto found = grave.find(check->id()); found != grave.end()) {
            findings.push_back({check->findingId(), endpoint.name, "high",
                                "With " + check->title() + " these routes were reached: " + found->second.text() + ".",
                                found->second.transcripts});
        }
    }
    if (!telling.routes.empty()) {
        findings.push_back(
            {"utility-route-open", endpoint.name, "medium",
             "Routes that tell about the server were reached without a valid key: " + telling.text() + ".",
             telling.transcripts});
    }
    if (!expired.routes.empty()) {
        findings.push_back({"open-route-not-valid", endpoint.name, "medium",
                            "Routes are listed as public by entries that expired or lack owner, reason or expiry: " +
                                expired.text() + ".",
                            expired.transcripts});
    }
    if (echoedSecret) {
        findings.push_back({"credential-echoed",
                            endpoint.name,
                            "medium",
                            "The endpoint gives the caller's credential back in an answer, where logs and pages may "
                            "keep it.",
                            {}});
    }
    return findings;
}

} // namespace gatehouse::probe
