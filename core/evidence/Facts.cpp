#include "core/evidence/Facts.h"

#include "core/crypto/Crypto.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace gatehouse::evidence {
namespace {

int rank(std::string_view severity) {
    static constexpr std::string_view order[] = {"critical", "high", "medium", "low", "info"};
    const auto* const found = std::find(std::begin(order), std::end(order), severity);
    return found == std::end(order) ? 1
                                    : static_cast<int>(found - std::begin(order)); // unknown words are taken as high
}

std::string_view schemeAndHost(std::string_view url) {
    const std::size_t scheme = url.find("://");
    return scheme == std::string_view::npos ? url : url.substr(0, url.find('/', scheme + 3));
}

/// Whether `url` is `base` or lies below it.
bool liesBelow(std::string_view url, std::string_view base) {
    while (base.ends_with('/')) {
        base.remove_suffix(1);
    }
    return !base.empty() && url.starts_with(base) && schemeAndHost(url) == schemeAndHost(base) &&
           (url.size() == base.size() || url[base.size()] == '/' || url[base.size()] == '?');
}

std::string attributionProblem(const AttributionRow& row, const std::string& accessLog) {
    if (row.fact == nullptr) {
        return accessLog.empty() ? "no access log was at hand"
                                 : "no line with this request id was found in the access log";
    }
    std::vector<std::string> missing;
    for (const char* name : {"ts", "tenant_id", "user_id", "model", "request_id"}) {
        if (logText(row.fact->line, name).empty()) {
            missing.emplace_back(name);
        }
    }
    if (!missing.empty()) {
        return "the line lacks " + joined(missing);
    }
    if (!row.control->model.empty() && logText(row.fact->line, "model") != row.control->model) {
        return "the line names another model than was asked for";
    }
    return {};
}

} // namespace

void VerdictCounts::add(const VerdictCounts& other) {
    denied += other.denied;
    absent += other.absent;
    open += other.open;
    reached += other.reached;
    inconclusive += other.inconclusive;
    noted += other.noted;
}

VerdictCounts countVerdicts(const probe::EndpointReport& endpoint) {
    VerdictCounts counts;
    for (const probe::CheckResult& check : endpoint.checks) {
        switch (check.verdict) {
        case probe::Verdict::Denied:
            ++counts.denied;
            break;
        case probe::Verdict::Absent:
            ++counts.absent;
            break;
        case probe::Verdict::Public:
            ++counts.open;
            break;
        case probe::Verdict::Reached:
            ++counts.reached;
            break;
        case probe::Verdict::Inconclusive:
            ++counts.inconclusive;
            break;
        case probe::Verdict::Noted:
            ++counts.noted;
            break;
        }
    }
    return counts;
}

VerdictCounts countVerdicts(const probe::ProbeReport& report) {
    VerdictCounts counts;
    for (const probe::EndpointReport& endpoint : report.endpoints) {
        counts.add(countVerdicts(endpoint));
    }
    return counts;
}

std::set<int> deniedStatuses(const probe::ProbeReport& report) {
    std::set<int> statuses;
    for (const probe::EndpointReport& endpoint : report.endpoints) {
        for (const probe::CheckResult& check : endpoint.checks) {
            if (check.verdict == probe::Verdict::Denied && check.status) {
                statuses.insert(*check.status);
            }
        }
    }
    return statuses;
}

std::string checkName(const probe::CheckResult& check) {
    return check.variant.empty() ? check.id : check.id + " (" + check.variant + ")";
}

bool hasPassedControl(const probe::EndpointReport& endpoint) {
    return std::any_of(endpoint.positiveControls.begin(), endpoint.positiveControls.end(),
                       [](const probe::PositiveControl& control) { return control.passed(); });
}

const probe::EndpointReport* probed(const probe::ProbeReport& report, const inventory::Endpoint& endpoint) {
    for (const probe::EndpointReport& candidate : report.endpoints) {
        if (!candidate.id.empty() && candidate.id == endpoint.id) {
            return &candidate;
        }
    }
    const probe::EndpointReport* best = nullptr;
    for (const probe::EndpointReport& candidate : report.endpoints) {
        if (candidate.id.empty() && liesBelow(endpoint.url, candidate.url) &&
            (best == nullptr || candidate.url.size() > best->url.size())) {
            best = &candidate;
        }
    }
    return best;
}

std::vector<const inventory::Endpoint*> notProbed(const EvidenceInputs& inputs) {
    std::vector<const inventory::Endpoint*> missing;
    for (const inventory::Endpoint& endpoint : inputs.inventory.endpoints) {
        if (probed(inputs.report, endpoint) == nullptr) {
            missing.push_back(&endpoint);
        }
    }
    return missing;
}

std::string AnyFinding::key() const {
    return "GH-" + crypto::sha256Hex(id + "\n" + subject).substr(0, 12);
}

std::vector<AnyFinding> allFindings(const EvidenceInputs& inputs) {
    std::vector<AnyFinding> findings;
    for (const inventory::Endpoint& endpoint : inputs.inventory.endpoints) {
        for (const inventory::Finding& finding : endpoint.findings) {
            findings.push_back({finding.id, finding.severity, endpoint.url, finding.reason, {}});
        }
    }
    for (const probe::Finding& finding : inputs.report.findings) {
        AnyFinding any{finding.id, finding.severity, finding.endpoint, finding.reason, {}};
        for (const std::string& transcript : finding.transcripts) {
            any.files.push_back(transcriptPath(transcript));
        }
        findings.push_back(std::move(any));
    }
    std::stable_sort(findings.begin(), findings.end(), [](const AnyFinding& a, const AnyFinding& b) {
        return std::make_tuple(rank(a.severity), std::string_view(a.subject), std::string_view(a.id)) <
               std::make_tuple(rank(b.severity), std::string_view(b.subject), std::string_view(b.id));
    });
    return findings;
}

std::vector<AttributionRow> attributionRows(const EvidenceInputs& inputs) {
    std::vector<AttributionRow> rows;
    for (const probe::EndpointReport& endpoint : inputs.report.endpoints) {
        for (const probe::PositiveControl& control : endpoint.positiveControls) {
            if (!control.passed()) {
                continue; // nobody was let in, so there is nothing to attribute
            }
            AttributionRow row{&endpoint, &control, nullptr, {}};
            for (const AttributionFact& fact : inputs.attribution) {
                if (!control.transcript.empty() && fact.transcript == control.transcript) {
                    row.fact = &fact;
                    break;
                }
            }
            row.problem = attributionProblem(row, inputs.accessLog);
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

std::string logText(const json::Object& line, std::string_view name) {
    const json::Value* found = line.if_contains(name);
    if (found == nullptr || found->is_null()) {
        return {};
    }
    std::string text = found->is_string() ? std::string(found->get_string()) : json::compact(*found);
    return text == "-" ? std::string() : text;
}

std::string counted(std::size_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    std::string out;
    for (const std::string& part : parts) {
        out += (out.empty() ? std::string() : std::string(separator)) + part;
    }
    return out;
}

std::string percent(double ratio) {
    char text[16];
    std::snprintf(text, sizeof text, ratio >= 1.0 ? "%.0f %%" : "%.1f %%", std::floor(ratio * 1000.0) / 10.0);
    return text;
}

} // namespace gatehouse::evidence
