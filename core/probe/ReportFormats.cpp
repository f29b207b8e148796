#include "core/probe/ReportFormats.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

namespace gatehouse::probe {
namespace {

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) {
        text.append(width - text.size(), ' ');
    }
    return text;
}

/// For terminals: no control characters, whatever a report from elsewhere holds.
std::string shown(std::string_view text) {
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
    return out;
}

std::string xmlText(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\n':
        case '\t':
            out += c;
            break;
        default:
            out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
            break;
        }
    }
    return out;
}

std::string statusText(const std::optional<int>& status) {
    return status ? std::to_string(*status) : "-";
}

std::string checkName(const CheckResult& check) {
    return check.variant.empty() ? check.id : check.id + " (" + check.variant + ")";
}

std::string percent(double ratio) {
    char text[16];
    std::snprintf(text, sizeof text, "%.1f %%", ratio * 100.0);
    return text;
}

std::string engineText(const EndpointReport& endpoint) {
    std::string text = endpoint.engineName.empty() ? "unknown" : endpoint.engineName;
    text += endpoint.engineVersion.empty() ? "" : " " + endpoint.engineVersion;
    return endpoint.engineHow == "unknown" ? text : text + " (" + endpoint.engineHow + ")";
}

std::size_t count(const EndpointReport& endpoint, Verdict verdict) {
    return static_cast<std::size_t>(std::count_if(endpoint.checks.begin(), endpoint.checks.end(),
                                                  [&](const CheckResult& check) { return check.verdict == verdict; }));
}

std::string verdictCounts(const EndpointReport& endpoint) {
    std::string text;
    for (const Verdict verdict :
         {Verdict::Denied, Verdict::Reached, Verdict::Absent, Verdict::Public, Verdict::Inconclusive, Verdict::Noted}) {
        if (const std::size_t number = count(endpoint, verdict); number > 0) {
            text += (text.empty() ? "" : ", ") + std::to_string(number) + " " + word(verdict);
        }
    }
    return text.empty() ? "no checks" : text;
}

std::string controlText(const EndpointReport& endpoint) {
    if (endpoint.positiveControls.empty()) {
        return "none";
    }
    const auto passed = std::find_if(endpoint.positiveControls.begin(), endpoint.positiveControls.end(),
                                     [](const PositiveControl& control) { return control.passed(); });
    const PositiveControl& control =
        passed == endpoint.positiveControls.end() ? endpoint.positiveControls.front() : *passed;
    return control.passed() ? control.route + " with model " + control.model + " answered " +
                                  statusText(control.status) + " at " + toRfc3339(control.at)
                            : "FAILED: " + control.reason;
}

void appendTranscript(const ProbeReport& report, const std::string& id, std::string& out) {
    const auto found = report.transcripts.find(id);
    if (found != report.transcripts.end()) {
        out += found->second.toText() + "\n";
    }
}

} // namespace

std::string toTable(const ProbeReport& report) {
    std::string out;
    for (const EndpointReport& endpoint : report.endpoints) {
        std::size_t checkWidth = 5;
        std::size_t routeWidth = 5;
        for (const CheckResult& check : endpoint.checks) {
            checkWidth = std::max(checkWidth, checkName(check).size());
            routeWidth = std::max(routeWidth, check.route.size());
        }
        out += shown(endpoint.name) + "  " + shown(endpoint.url) + "  " + engineText(endpoint) + "\n";
        out += endpoint.note.empty() ? "" : "  note: " + shown(endpoint.note) + "\n";
        out += "  positive control: " + shown(controlText(endpoint)) + "\n  " + padded("VERDICT", 14) +
               padded("CODE", 6) + padded("BY", 9) + padded("CHECK", checkWidth + 2) + padded("ROUTE", routeWidth + 2) +
               "REASON\n";
        for (const CheckResult& check : endpoint.checks) {
            out += "  " + padded(word(check.verdict), 14) + padded(statusText(check.status), 6) +
                   padded(check.verdict == Verdict::Denied ? word(check.deniedBy) : "-", 9) +
                   padded(checkName(check), checkWidth + 2) + padded(shown(check.route), routeWidth + 2) +
                   shown(check.reason) + "\n";
        }
        out += "  " + std::string(word(endpoint.conclusion)) + ": " + verdictCounts(endpoint) + "\n\n";
    }
    for (const Finding& finding : report.findings) {
        out += "finding " + finding.id + " (" + finding.severity + ") " + shown(finding.endpoint) + ": " +
               shown(finding.reason) + "\n";
    }
    out += "coverage " + std::to_string(report.conclusive) + " of " + std::to_string(report.planned) + " (" +
           percent(report.coverage()) + ")" + (report.cancelled ? ", cancelled" : "") + "\n";
    return out;
}

std::string toTranscriptText(const ProbeReport& report, bool everyTranscript) {
    const std::string line(100, '=');
    std::string out =
        "Requests without a valid credential, and what was answered\n\nrun:       " + report.run.id +
        "\nstarted:   " + toRfc3339(report.run.startedAt) + "\nfinished:  " + toRfc3339(report.finishedAt) +
        (report.cancelled ? " (cancelled)" : "") + "\ntool:      " + report.run.toolName + " " +
        report.run.toolVersion + "\ncatalogue: sha256 " + report.catalogueDigest +
        "\ncoverage:  " + std::to_string(report.conclusive) + " of " + std::to_string(report.planned) +
        " checks conclusive\n\n" +
        "Secrets are cut out; where they were stands above each request. Bytes that are not printable are "
        "shown as \\xNN.\n\n";
    for (const EndpointReport& endpoint : report.endpoints) {
        out += line + "\nendpoint:  " + shown(endpoint.name) + "\nurl:       " + shown(endpoint.url) +
               "\nengine:    " + engineText(endpoint) + "\nconcluded: " + word(endpoint.conclusion) + " (" +
               verdictCounts(endpoint) + ")\n" +
               (endpoint.note.empty() ? "" : "note:      " + shown(endpoint.note) + "\n") +
               "control:   " + shown(controlText(endpoint)) + "\n" + line + "\n\n";
        if (!endpoint.positiveControls.empty() && !endpoint.positiveControls.front().transcript.empty()) {
            out += "--- positive control: the same kind of request with the right key\n";
            appendTranscript(report, endpoint.positiveControls.front().transcript, out);
        }
        std::set<std::string> shownChecks;
        for (const CheckResult& check : endpoint.checks) {
            const bool first = shownChecks.insert(checkName(check)).second;
            if (!everyTranscript && !first && check.verdict == Verdict::Denied) {
                continue;
            }
            out += "--- " + checkName(check) + ", " + shown(check.route) + ": " + word(check.verdict) + ", " +
                   shown(check.reason) + "\n";
            appendTranscript(report, check.transcript, out);
        }
    }
    return out;
}

std::string toJunit(const ProbeReport& report) {
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gatehouse probe\" id=\"" +
                      xmlText(report.run.id) + "\">\n";
    for (const EndpointReport& endpoint : report.endpoints) {
        out += "  <testsuite name=\"" + xmlText(endpoint.name) + "\" tests=\"" +
               std::to_string(endpoint.checks.size()) + "\" failures=\"" +
               std::to_string(count(endpoint, Verdict::Reached)) + "\" errors=\"" +
               std::to_string(count(endpoint, Verdict::Inconclusive)) + "\" skipped=\"" +
               std::to_string(count(endpoint, Verdict::Noted)) + "\" timestamp=\"" + toRfc3339(report.run.startedAt) +
               "\">\n";
        for (const CheckResult& check : endpoint.checks) {
            out += "    <testcase classname=\"" + xmlText(endpoint.name + "." + checkName(check)) + "\" name=\"" +
                   xmlText(check.route) + "\"";
            const std::string message = std::string(word(check.verdict)) + ": " + check.reason;
            const char* element = check.verdict == Verdict::Reached        ? "failure"
                                  : check.verdict == Verdict::Inconclusive ? "error"
                                  : check.verdict == Verdict::Noted        ? "skipped"
                                                                           : nullptr;
            if (element == nullptr) {
                out += "/>\n";
            } else {
                out +=
                    std::string(">\n      <") + element + " message=\"" + xmlText(message) + "\"/>\n    </testcase>\n";
            }
        }
        out += "  </testsuite>\n";
    }
    return out + "</testsuites>\n";
}

} // namespace gatehouse::probe
