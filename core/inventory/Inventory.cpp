#include "core/inventory/Inventory.h"

#include "core/crypto/Crypto.h"

namespace gatehouse {

json::Object RunStamp::toJson() const {
    return {{"id", id}, {"startedAt", toRfc3339(startedAt)}, {"tool", {{"name", toolName}, {"version", toolVersion}}}};
}

} // namespace gatehouse

namespace gatehouse::inventory {
namespace {

json::Object referenceJson(const ObjectReference& reference, bool withVersion) {
    json::Object object;
    if (withVersion) {
        object["apiVersion"] = reference.apiVersion;
    }
    object["kind"] = reference.kind;
    object["namespace"] = reference.nameSpace;
    object["name"] = reference.name;
    return object;
}

json::Object authenticationJson(const Authentication& authentication) {
    json::Array mechanisms(authentication.mechanisms.begin(), authentication.mechanisms.end());
    json::Array enforcedBy;
    for (const ObjectReference& reference : authentication.enforcedBy) {
        enforcedBy.push_back(referenceJson(reference, false));
    }
    return {{"required", word(authentication.required)},
            {"mechanisms", std::move(mechanisms)},
            {"enforcedBy", std::move(enforcedBy)},
            {"reason", authentication.reason}};
}

json::Object endpointJson(const Endpoint& endpoint) {
    json::Array findings;
    for (const Finding& finding : endpoint.findings) {
        findings.push_back(
            json::Object{{"id", finding.id}, {"severity", finding.severity}, {"reason", finding.reason}});
    }
    json::Object object{{"id", endpoint.id}, {"url", endpoint.url}};
    object["models"] = endpoint.models ? json::Value(json::Array(endpoint.models->begin(), endpoint.models->end()))
                                       : json::Value(nullptr);
    object["source"] = referenceJson(endpoint.source, true);
    object["reach"] = word(endpoint.reach);
    object["authentication"] = authenticationJson(endpoint.authentication);
    object["findings"] = std::move(findings);
    if (!endpoint.engine.empty()) {
        object["engine"] = endpoint.engine;
    }
    if (!endpoint.engineNote.empty()) {
        object["note"] = endpoint.engineNote;
    }
    return object;
}

} // namespace

const char* word(Reach reach) {
    switch (reach) {
    case Reach::External:
        return "external";
    case Reach::Cluster:
        return "cluster";
    case Reach::Unknown:
        return "unknown";
    }
    return "unknown";
}

const char* word(Required required) {
    switch (required) {
    case Required::Yes:
        return "yes";
    case Required::No:
        return "no";
    case Required::Partial:
        return "partial";
    case Required::Unknown:
        return "unknown";
    }
    return "unknown";
}

std::string endpointId(const ObjectReference& source, std::string_view url) {
    const std::string group = source.apiVersion.substr(0, source.apiVersion.find('/'));
    const std::string name =
        group + "|" + source.kind + "|" + source.nameSpace + "|" + source.name + "|" + std::string(url);
    return "ep-" + crypto::sha256Hex(name).substr(0, 16);
}

json::Object Inventory::toJson() const {
    json::Array list;
    for (const Endpoint& endpoint : endpoints) {
        list.push_back(endpointJson(endpoint));
    }
    json::Array missed;
    for (const NotInspected& item : notInspected) {
        missed.push_back(json::Object{{"resource", item.resource}, {"reason", item.reason}});
    }
    return {{"apiVersion", "gatehouse.dev/v1alpha1"},
            {"kind", "EndpointInventory"},
            {"run", run.toJson()},
            {"endpoints", std::move(list)},
            {"notInspected", std::move(missed)}};
}

} // namespace gatehouse::inventory
