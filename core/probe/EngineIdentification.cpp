#include "core/probe/EndpointRun.h"

#include <algorithm>

namespace gatehouse::probe {
namespace {

/// A version as it may stand in a report: what a stranger sent, cut to the characters versions are made of.
std::string cleanVersion(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, 40)) {
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
            c == '+') {
            out += c;
        }
    }
    return out;
}

bool looksLikeVersion(std::string_view text) {
    return !text.empty() && (text.front() == 'v' ? text.size() > 1 && text[1] >= '0' && text[1] <= '9'
                                                 : text.front() >= '0' && text.front() <= '9');
}

} // namespace

void EndpointRun::settleEngine(const EngineFacts& engine, const std::string& version, const char* how) {
    m_engine = &engine;
    m_report.engineName = engine.name;
    m_report.engineVersion = version;
    m_report.engineHow = how;
}

/// Asks, as the valid caller, for what engines say about themselves. A declared engine is only asked for its version;
/// otherwise the one whose fingerprints match most answers is taken, if it is one alone.
void EndpointRun::identify(const std::stop_token& stop) {
    const bool declared = m_report.engineHow == "declared";
    std::vector<std::string> paths;
    if (!declared) {
        paths.push_back("/v1/models");
    }
    for (const EngineFacts& each : m_context.catalogue.engines()) {
        const bool asked = !each.versionPath.empty() && (!declared || each.name == m_engine->name);
        if (asked && std::find(paths.begin(), paths.end(), each.versionPath) == paths.end()) {
            paths.push_back(each.versionPath);
        }
    }
    std::map<std::string, std::size_t> score;
    std::map<std::string, std::string> version;
    for (const std::string& path : paths) {
        ProbeRequest request{"GET", path, {}, {}, {}};
        if (m_target.credential) {
            request.headers.push_back(ownCredential());
        }
        const ExchangeFacts facts = send(request, "identify", stop);
        if (!facts.response) {
            if (stop.stop_requested()) {
                return;
            }
            continue;
        }
        const Answer answer(*facts.response);
        for (const EngineFacts& each : m_context.catalogue.engines()) {
            if (each.role != Role::Engine) {
                continue;
            }
            score[each.name] += static_cast<std::size_t>(
                std::count_if(each.identify.begin(), each.identify.end(),
                              [&](const Fingerprint& print) { return print.matches(answer); }));
            if (each.versionPath == path && facts.response->status == 200 && answer.body() != nullptr) {
                const std::string text = cleanVersion(json::text(*answer.body(), each.versionMember));
                version[each.name] = looksLikeVersion(text) ? text : "";
            }
        }
    }
    if (declared) {
        m_report.engineVersion = version[m_engine->name];
        return;
    }
    const auto best =
        std::max_element(score.begin(), score.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    if (best != score.end() && best->second > 0 &&
        std::count_if(score.begin(), score.end(), [&](const auto& each) { return each.second == best->second; }) == 1) {
        settleEngine(*m_context.catalogue.engine(best->first), version[best->first], "fingerprint");
    }
}

} // namespace gatehouse::probe
