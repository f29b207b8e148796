#pragma once

#include "core/crypto/Crypto.h"
#include "core/probe/Prober.h"
#include "core/probe/ReportFormats.h"
#include "tests/support/ScriptedServer.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace gatehouse::test {

/// Keys made for this run; what a guarded endpoint takes and what it must not take.
struct Keys {
    std::string good = "sk-" + crypto::base64Url(crypto::randomBytes(24));
    std::string foreign = "sk-" + crypto::base64Url(crypto::randomBytes(24));
};

inline probe::ProbeTarget targetFor(const std::string& url, const Keys& keys, const std::string& name = "chat-a") {
    probe::ProbeTarget target;
    target.name = name;
    target.url = url;
    target.engine = "openai-generic";
    target.model = "org/a";
    target.credential = probe::Credential{"Authorization", "Bearer ", Secret::copyOf(keys.good)};
    target.foreignCredential = probe::Credential{"Authorization", "Bearer ", Secret::copyOf(keys.foreign)};
    return target;
}

/// Fast and short: for servers on the loopback that misbehave on purpose.
inline probe::ProbeOptions quickOptions(std::vector<std::string> checks = {}) {
    probe::ProbeOptions options;
    options.checks = std::move(checks);
    options.ratePerEndpoint = 10'000;
    options.connectTimeout = std::chrono::milliseconds(1'000);
    options.exchangeTimeout = std::chrono::milliseconds(300);
    return options;
}

inline probe::ProbeReport probeNow(const std::vector<probe::ProbeTarget>& targets, const probe::ProbeOptions& options,
                                   std::stop_token stop = {}, const probe::ProgressSink& progress = {}) {
    const SystemClock clock;
    return probe::run(targets, options, clock, RunStamp{crypto::randomUuid(), clock.now()}, progress, std::move(stop));
}

inline probe::ProbeReport probeOne(probe::ProbeTarget target, const probe::ProbeOptions& options) {
    std::vector<probe::ProbeTarget> targets;
    targets.push_back(std::move(target));
    return probeNow(targets, options);
}

/// The guarded endpoint every lie is compared with: 401 without the key, a completion with it.
inline ScriptedServer::Script honest(const Keys& keys) {
    return [keys](const ScriptedServer::Request& request) -> ScriptedServer::Reply {
        const auto found = request.headers.find("authorization");
        if (found == request.headers.end() || found->second != "Bearer " + keys.good) {
            return {ScriptedServer::answer(401, R"({"error":{"message":"no valid key"}})",
                                           {"x-gatehouse-denied: authorizer", "Content-Type: application/json"})};
        }
        if (request.path == "/v1/chat/completions") {
            return {ScriptedServer::answer(200,
                                           R"({"choices":[{"message":{"content":"1"}}],"usage":{"prompt_tokens":1}})")};
        }
        return {
            ScriptedServer::answer(404, R"({"error":{"message":"no such path"}})", {"x-gatehouse-denied: authorizer"})};
    };
}

/// As honest(), but whoever has no right key gets `lie`.
inline ScriptedServer::Script lying(const Keys& keys,
                                    std::function<ScriptedServer::Reply(const ScriptedServer::Request&)> lie) {
    return [keys, lie = std::move(lie)](const ScriptedServer::Request& request) -> ScriptedServer::Reply {
        const auto found = request.headers.find("authorization");
        const bool known = found != request.headers.end() && found->second == "Bearer " + keys.good;
        return known ? honest(keys)(request) : lie(request);
    };
}

inline std::set<std::string> verdictsOf(const probe::ProbeReport& report) {
    std::set<std::string> verdicts;
    for (const probe::EndpointReport& endpoint : report.endpoints) {
        for (const probe::CheckResult& check : endpoint.checks) {
            verdicts.insert(probe::word(check.verdict));
        }
    }
    return verdicts;
}

inline bool hasFinding(const probe::ProbeReport& report, const std::string& id) {
    return std::any_of(report.findings.begin(), report.findings.end(),
                       [&](const probe::Finding& finding) { return finding.id == id; });
}

/// Everything a report and its transcripts say, for searching.
inline std::string allText(const probe::ProbeReport& report) {
    std::string text = json::pretty(report.toJson()) + probe::toTranscriptText(report) + probe::toTable(report) +
                       probe::toJunit(report);
    for (const auto& [id, transcript] : report.transcripts) {
        text += transcript.sent + transcript.received + transcript.failure + transcript.toText();
    }
    return text;
}

} // namespace gatehouse::test
