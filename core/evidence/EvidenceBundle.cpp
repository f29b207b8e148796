#include "core/evidence/EvidenceBundle.h"

#include "core/crypto/Crypto.h"
#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"

#include <algorithm>
#include <set>

namespace gatehouse::evidence {
namespace {

bool isPlainSegment(std::string_view segment) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    return !segment.empty() && segment.size() <= 100 && segment.front() != '.' && segment.back() != '.' &&
           !segment.ends_with(".txt") && std::all_of(segment.begin(), segment.end(), allowed);
}

bool isPlainId(std::string_view id) {
    std::size_t segments = 0;
    for (std::size_t start = 0; start <= id.size(); ++segments) {
        const std::size_t end = std::min(id.find('/', start), id.size());
        if (!isPlainSegment(id.substr(start, end - start))) {
            return false;
        }
        start = end + 1;
    }
    return segments <= 4 && id.size() <= 300;
}

/// Tests of the predicate: one for each endpoint and check, judged by the worst route. Thousands of single requests
/// would choke what reads it; they stand in the denial matrix.
json::Object testLists(const probe::ProbeReport& report) {
    std::map<std::string, probe::Verdict> worst;
    const auto gravity = [](probe::Verdict verdict) {
        return verdict == probe::Verdict::Reached ? 2 : verdict == probe::Verdict::Inconclusive ? 1 : 0;
    };
    for (const probe::EndpointReport& endpoint : report.endpoints) {
        for (const probe::CheckResult& check : endpoint.checks) {
            if (check.verdict == probe::Verdict::Noted) {
                continue;
            }
            const auto [at, isNew] = worst.emplace(visible(endpoint.name) + "/" + visible(check.id), check.verdict);
            if (!isNew && gravity(check.verdict) > gravity(at->second)) {
                at->second = check.verdict;
            }
        }
        const bool passed = hasPassedControl(endpoint);
        worst.emplace(visible(endpoint.name) + "/positive-control",
                      passed ? probe::Verdict::Denied : probe::Verdict::Inconclusive);
    }
    json::Array passed;
    json::Array warned;
    json::Array failed;
    for (const auto& [name, verdict] : worst) {
        (gravity(verdict) == 2 ? failed : gravity(verdict) == 1 ? warned : passed).emplace_back(name);
    }
    return {{"passedTests", std::move(passed)}, {"warnedTests", std::move(warned)}, {"failedTests", std::move(failed)}};
}

json::Object predicateFor(const EvidenceInputs& inputs, const Files& files) {
    json::Array configuration;
    for (const auto& [stem, extension] : {std::pair{"endpoint-inventory", "json"}, {"gateway-auth-config", "json"}}) {
        const std::string name = datedName(inputs.report.run, stem, extension);
        if (const auto found = files.find(name); found != files.end()) {
            configuration.push_back(
                json::Object{{"name", name}, {"digest", {{"sha256", crypto::sha256Hex(found->second)}}}});
        }
    }
    if (!inputs.report.catalogueDigest.empty()) {
        configuration.push_back(
            json::Object{{"name", "probe-catalogue"}, {"digest", {{"sha256", inputs.report.catalogueDigest}}}});
    }
    json::Object predicate{{"result", word(judge(inputs).outcome)}, {"configuration", std::move(configuration)}};
    for (auto& member : testLists(inputs.report)) {
        predicate[member.key()] = std::move(member.value());
    }
    return predicate;
}

} // namespace

std::string transcriptPath(std::string_view transcriptId) {
    if (isPlainId(transcriptId)) {
        return "transcripts/" + std::string(transcriptId) + ".txt";
    }
    std::string readable;
    for (const char c : transcriptId.substr(0, 60)) {
        const bool keep = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        readable += keep ? c : '-';
    }
    return "transcripts/other/" + readable + "-" + crypto::sha256Hex(transcriptId).substr(0, 16) + ".txt";
}

std::string datedName(const RunStamp& run, std::string_view stem, std::string_view extension) {
    return std::string(stem) + "-" + toIsoDate(run.startedAt) + "." + std::string(extension);
}

Result<EvidenceBundle> assemble(const EvidenceInputs& inputs) {
    if (inputs.inventory.run.id != inputs.report.run.id || inputs.report.run.id.empty()) {
        return failure(ErrorKind::Invalid,
                       "the inventory and the probe report come from different runs ('" +
                           visible(inputs.inventory.run.id) + "' and '" + visible(inputs.report.run.id) + "')",
                       "make both in one run; a pack never mixes runs");
    }
    EvidenceInputs complete = inputs;
    if (complete.madeAt == TimePoint{}) {
        complete.madeAt = complete.report.finishedAt;
    }
    EvidenceBundle bundle;
    bundle.run = complete.report.run;
    bundle.madeAt = complete.madeAt;
    for (const std::unique_ptr<Artifact>& artifact : allArtifacts()) {
        for (auto& [path, content] : artifact->make(complete)) {
            if (!bundle.files.emplace(path, std::move(content)).second) {
                return failure(ErrorKind::Internal,
                               "artifact '" + artifact->name() + "' writes " + path + ", which another has written");
            }
        }
    }
    bundle.predicate = predicateFor(complete, bundle.files);
    return bundle;
}

} // namespace gatehouse::evidence
