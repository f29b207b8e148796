#include "core/evidence/PackDiff.h"

#include "core/crypto/Crypto.h"
#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/evidence/Tables.h"

#include <algorithm>

namespace gatehouse::evidence {
namespace {

/// Subject → what is said of it; two of these are compared.
using State = std::map<std::string, std::string>;

struct PackStates {
    std::string runId;
    State endpoints;
    State conclusions;
    std::map<std::string, State> verdicts; ///< by endpoint
    State findings;
    State keys;
};

Result<json::Value> partOf(const Files& pack, std::string_view stem) {
    for (auto at = pack.lower_bound(std::string(stem)); at != pack.end() && at->first.starts_with(stem); ++at) {
        if (at->first.ends_with(".json")) {
            Result<json::Value> value = json::parse(at->second, {64U << 20, 64});
            return value ? value : failure(because(at->first + " cannot be read", value.error()));
        }
    }
    return failure(ErrorKind::BadRequest, "the pack has no " + std::string(stem) + "….json",
                   "give packs that `evidence export` wrote");
}

const json::Array& listIn(const json::Value& value, std::string_view name) {
    static const json::Array none;
    const json::Value* found = json::find(value, name);
    return found != nullptr && found->is_array() ? found->get_array() : none;
}

std::string words(const json::Value& value, std::string_view name) {
    std::vector<std::string> list;
    for (const json::Value& item : listIn(value, name)) {
        list.push_back(item.is_string() ? std::string(item.get_string()) : json::compact(item));
    }
    return joined(list);
}

void readInventory(const json::Value& inventory, PackStates& states) {
    for (const json::Value& endpoint : listIn(inventory, "endpoints")) {
        const json::Value* authentication = json::find(endpoint, "authentication");
        const std::string url = json::text(endpoint, "url");
        const json::Value* models = json::find(endpoint, "models");
        states.endpoints[url + " (" + json::text(endpoint, "id") + ")"] =
            "required: " + json::text(endpoint, "authentication.required") +
            "; mechanisms: " + (authentication == nullptr ? std::string() : words(*authentication, "mechanisms")) +
            "; models: " + (models == nullptr || models->is_null() ? std::string("any") : words(endpoint, "models")) +
            "; reach: " + json::text(endpoint, "reach");
        for (const json::Value& finding : listIn(endpoint, "findings")) {
            states.findings[json::text(finding, "id") + " at " + url] = json::text(finding, "severity");
        }
    }
}

void readReport(const probe::ProbeReport& report, PackStates& states) {
    states.runId = report.run.id;
    for (const probe::EndpointReport& endpoint : report.endpoints) {
        states.conclusions[endpoint.name] = probe::word(endpoint.conclusion);
        for (const probe::CheckResult& check : endpoint.checks) {
            std::string& verdict = states.verdicts[endpoint.name][checkName(check) + " " + check.route];
            // Several results of one check: the one that got through counts.
            if (verdict != probe::word(probe::Verdict::Reached)) {
                verdict = probe::word(check.verdict);
            }
        }
    }
    for (const probe::Finding& finding : report.findings) {
        states.findings[finding.id + " at " + finding.endpoint] = finding.severity;
    }
}

void readKeys(const json::Value& keys, PackStates& states) {
    for (const json::Value& key : listIn(keys, "keys")) {
        states.keys[json::text(key, "clientId")] = json::text(key, "state") + "; owner " + json::text(key, "owner") +
                                                   "; model " + json::text(key, "modelId") + "; expires " +
                                                   json::text(key, "expiresAt", "never");
    }
}

Result<PackStates> statesOf(const Files& pack) {
    const Result<json::Value> inventory = partOf(pack, "endpoint-inventory-");
    const Result<probe::ProbeReport> report = reportOf(pack);
    const Result<json::Value> keys = partOf(pack, "access-keys-");
    if (!inventory || !report || !keys) {
        return failure(!inventory ? inventory.error() : !report ? report.error() : keys.error());
    }
    PackStates states;
    readInventory(*inventory, states);
    readReport(*report, states);
    readKeys(*keys, states);
    return states;
}

bool isWorseChange(const PackDiff::Change& change) {
    if (change.section == "finding") {
        return change.what != "removed";
    }
    if (change.section == "verdict") {
        return change.after == probe::word(probe::Verdict::Reached);
    }
    if (change.section == "conclusion") {
        return change.after == probe::word(probe::Conclusion::Reached) ||
               (change.after == probe::word(probe::Conclusion::Inconclusive));
    }
    return change.section == "endpoint" && change.what != "removed" && !change.after.starts_with("required: yes");
}

void compare(const std::string& section, const State& older, const State& newer,
             std::vector<PackDiff::Change>& changes) {
    State all = older;
    all.insert(newer.begin(), newer.end());
    for (const auto& [subject, ignored] : all) {
        const auto before = older.find(subject);
        const auto after = newer.find(subject);
        PackDiff::Change change{section,
                                before == older.end()  ? "added"
                                : after == newer.end() ? "removed"
                                                       : "changed",
                                subject, before == older.end() ? "" : before->second,
                                after == newer.end() ? "" : after->second};
        if (change.before != change.after || change.what != "changed") {
            change.worse = isWorseChange(change);
            changes.push_back(std::move(change));
        }
    }
}

/// Only of endpoints in both packs: that one is new or gone is said once, not for each of its routes.
void compareVerdicts(const PackStates& older, const PackStates& newer, std::vector<PackDiff::Change>& changes) {
    for (const auto& [endpoint, before] : older.verdicts) {
        const auto after = newer.verdicts.find(endpoint);
        const std::size_t first = changes.size();
        if (after != newer.verdicts.end()) {
            compare("verdict", before, after->second, changes);
        }
        for (std::size_t i = first; i < changes.size(); ++i) {
            changes[i].subject.insert(0, endpoint + ": ");
        }
    }
}

void readChain(const Files& older, const Files& newer, PackDiff& diff) {
    const auto manifest = older.find("manifest.json");
    const auto chain = newer.find("chain.json");
    const Result<json::Value> value = chain == newer.end() ? json::Value(nullptr) : json::parse(chain->second);
    const std::string named = value ? json::text(*value, "previous.manifestSha256") : std::string();
    diff.chained = manifest != older.end() && !named.empty() && named == crypto::sha256Hex(manifest->second);
    diff.namesAnother = !named.empty() && !diff.chained;
}

} // namespace

Result<probe::ProbeReport> reportOf(const Files& pack) {
    const Result<json::Value> matrix = partOf(pack, "denial-matrix-");
    return matrix ? probe::ProbeReport::fromJson(*matrix) : failure(matrix.error());
}

bool PackDiff::isWorse() const {
    return std::any_of(changes.begin(), changes.end(), [](const Change& change) { return change.worse; });
}

json::Object PackDiff::toJson() const {
    json::Array list;
    for (const Change& change : changes) {
        list.push_back(json::Object{{"section", change.section},
                                    {"what", change.what},
                                    {"subject", change.subject},
                                    {"before", change.before},
                                    {"after", change.after},
                                    {"worse", change.worse}});
    }
    return {{"apiVersion", "gatehouse.dev/v1alpha1"},
            {"kind", "EvidenceDiff"},
            {"oldRun", oldRun},
            {"newRun", newRun},
            {"chained", chained},
            {"namesAnotherPredecessor", namesAnother},
            {"changes", std::move(list)}};
}

std::string PackDiff::toMarkdown() const {
    std::string out = "# Changes between two evidence packs\n\nFrom run " + markdownCode(oldRun) + " to run " +
                      markdownCode(newRun) + ". " +
                      (chained        ? "The new pack names the old one as its predecessor."
                       : namesAnother ? "The new pack names another pack as its predecessor, not the old one."
                                      : "The new pack names no predecessor.") +
                      "\n\n";
    std::vector<Row> rows;
    for (const Change& change : changes) {
        rows.push_back({change.worse ? "**worse**" : "", change.section, change.what, markdown(change.subject),
                        markdown(change.before), markdown(change.after)});
    }
    return out + markdownTable({"", "part", "change", "what", "before", "after"}, rows, "Nothing changed.");
}

Result<PackDiff> diffPacks(const Files& older, const Files& newer) {
    const Result<PackStates> before = statesOf(older);
    const Result<PackStates> after = statesOf(newer);
    if (!before || !after) {
        return failure(because(before ? "the newer pack cannot be compared" : "the older pack cannot be compared",
                               before ? after.error() : before.error()));
    }
    PackDiff diff;
    diff.oldRun = before->runId;
    diff.newRun = after->runId;
    readChain(older, newer, diff);
    compare("endpoint", before->endpoints, after->endpoints, diff.changes);
    compare("conclusion", before->conclusions, after->conclusions, diff.changes);
    compareVerdicts(*before, *after, diff.changes);
    compare("finding", before->findings, after->findings, diff.changes);
    compare("key", before->keys, after->keys, diff.changes);
    return diff;
}

} // namespace gatehouse::evidence
