#include "core/evidence/Facts.h"

#include <algorithm>
#include <map>

namespace gatehouse::evidence {
namespace {

std::string requestIdOf(const probe::ProbeReport& report, const probe::PositiveControl& control) {
    if (!control.requestId.empty()) {
        return control.requestId;
    }
    const auto found = report.transcripts.find(control.transcript);
    return found == report.transcripts.end() ? std::string() : found->second.nonce;
}

inventory::Authentication measuredAuthentication(const probe::EndpointReport& endpoint) {
    inventory::Authentication authentication;
    switch (endpoint.conclusion) {
    case probe::Conclusion::Denies:
        authentication.required = inventory::Required::Yes;
        authentication.reason = "measured: every request of this run without a valid credential was refused";
        break;
    case probe::Conclusion::Reached:
        authentication.required =
            countVerdicts(endpoint).denied > 0 ? inventory::Required::Partial : inventory::Required::No;
        authentication.reason = "measured: requests of this run without a valid credential were let through";
        break;
    case probe::Conclusion::Inconclusive:
        authentication.reason = "the probe of this run was inconclusive and no configuration was at hand";
        break;
    }
    return authentication;
}

} // namespace

std::vector<AttributionFact> matchAttribution(const probe::ProbeReport& report,
                                              const std::vector<json::Object>& accessLogLines) {
    std::map<std::string, const json::Object*> byId;
    for (const json::Object& line : accessLogLines) {
        if (const std::string id = logText(line, "request_id"); !id.empty()) {
            byId.emplace(id, &line);
        }
    }
    std::vector<AttributionFact> facts;
    for (const probe::EndpointReport& endpoint : report.endpoints) {
        for (const probe::PositiveControl& control : endpoint.positiveControls) {
            if (const auto found = byId.find(requestIdOf(report, control)); found != byId.end()) {
                facts.push_back({*found->second, endpoint.name, control.transcript});
            }
        }
    }
    return facts;
}

void addProbedEndpoints(inventory::Inventory& inventory, probe::ProbeReport& report) {
    for (probe::EndpointReport& endpoint : report.endpoints) {
        const probe::ProbeReport one{.endpoints = {endpoint}};
        const auto known =
            std::find_if(inventory.endpoints.begin(), inventory.endpoints.end(),
                         [&](const inventory::Endpoint& candidate) { return probed(one, candidate) != nullptr; });
        if (known != inventory.endpoints.end()) {
            continue;
        }
        inventory::Endpoint added;
        added.source = {"gatehouse.dev/v1alpha1", "EndpointList", "", endpoint.name};
        added.url = endpoint.url;
        added.id = endpoint.id.empty() ? inventory::endpointId(added.source, added.url) : endpoint.id;
        if (!endpoint.positiveControls.empty() && !endpoint.positiveControls.front().model.empty()) {
            added.models = std::vector<std::string>{endpoint.positiveControls.front().model};
        }
        added.authentication = measuredAuthentication(endpoint);
        added.engine = endpoint.engineName;
        added.engineNote = endpoint.note;
        endpoint.id = added.id;
        inventory.endpoints.push_back(std::move(added));
    }
    std::sort(inventory.endpoints.begin(), inventory.endpoints.end(),
              [](const inventory::Endpoint& a, const inventory::Endpoint& b) { return a.id < b.id; });
}

} // namespace gatehouse::evidence
