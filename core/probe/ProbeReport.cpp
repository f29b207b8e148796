#include "core/probe/ProbeReport.h"

namespace gatehouse::probe {
namespace {

json::Array textArray(const std::vector<std::string>& list) {
    return json::Array(list.begin(), list.end());
}

std::vector<std::string> textList(const json::Value& parent, std::string_view name) {
    std::vector<std::string> list;
    if (const json::Value* found = json::find(parent, name); found != nullptr && found->is_array()) {
        for (const json::Value& item : found->get_array()) {
            if (item.is_string()) {
                list.emplace_back(item.get_string());
            }
        }
    }
    return list;
}

void putStatus(json::Object& object, const std::optional<int>& status) {
    object["status"] = status ? json::Value(*status) : json::Value(nullptr);
}

std::optional<int> statusOf(const json::Value& value) {
    const json::Value* found = json::find(value, "status");
    if (found == nullptr || found->is_null()) {
        return std::nullopt;
    }
    return static_cast<int>(json::number(value, "status"));
}

TimePoint timeOf(const json::Value& value, std::string_view name) {
    const Result<TimePoint> time = parseRfc3339(json::text(value, name));
    return time ? *time : TimePoint();
}

std::string timeText(TimePoint time) {
    return time == TimePoint() ? std::string() : toRfc3339Millis(time);
}

json::Object checkJson(const CheckResult& check) {
    json::Object object{{"id", check.id}, {"variant", check.variant}, {"route", check.route}};
    object["verdict"] = word(check.verdict);
    putStatus(object, check.status);
    object["deniedBy"] = word(check.deniedBy);
    object["deniedByWhat"] = check.deniedByWhat;
    object["reason"] = check.reason;
    object["transcript"] = check.transcript;
    object["transcripts"] = textArray(check.transcripts);
    object["routeClass"] = check.routeClass;
    object["at"] = timeText(check.at);
    object["mustDeny"] = check.mustDeny;
    return object;
}

json::Object controlJson(const PositiveControl& control) {
    json::Object object;
    putStatus(object, control.status);
    object["at"] = timeText(control.at);
    object["passed"] = control.passed();
    object["model"] = control.model;
    object["route"] = control.route;
    object["transcript"] = control.transcript;
    object["requestId"] = control.requestId;
    object["reason"] = control.reason;
    return object;
}

json::Object endpointJson(const EndpointReport& endpoint) {
    json::Object object{{"name", endpoint.name}, {"url", endpoint.url}};
    if (!endpoint.id.empty()) {
        object["id"] = endpoint.id;
    }
    object["engine"] =
        json::Object{{"name", endpoint.engineName}, {"version", endpoint.engineVersion}, {"how", endpoint.engineHow}};
    if (!endpoint.note.empty()) {
        object["note"] = endpoint.note;
    }
    object["conclusion"] = word(endpoint.conclusion);
    json::Array checks;
    for (const CheckResult& check : endpoint.checks) {
        checks.push_back(checkJson(check));
    }
    object["checks"] = std::move(checks);
    json::Array controls;
    for (const PositiveControl& control : endpoint.positiveControls) {
        controls.push_back(controlJson(control));
    }
    object["positiveControl"] = controls.empty() ? json::Value(nullptr) : controls.front();
    object["positiveControls"] = std::move(controls);
    return object;
}

Result<Verdict> verdictNamed(std::string_view text) {
    for (const Verdict verdict :
         {Verdict::Denied, Verdict::Reached, Verdict::Absent, Verdict::Public, Verdict::Inconclusive, Verdict::Noted}) {
        if (text == word(verdict)) {
            return verdict;
        }
    }
    return failure(ErrorKind::Invalid, "'" + std::string(text.substr(0, 40)) + "' is no verdict of a probe report");
}

Result<Conclusion> conclusionNamed(std::string_view text) {
    for (const Conclusion conclusion : {Conclusion::Denies, Conclusion::Reached, Conclusion::Inconclusive}) {
        if (text == word(conclusion)) {
            return conclusion;
        }
    }
    return failure(ErrorKind::Invalid, "'" + std::string(text.substr(0, 40)) + "' is no conclusion of a probe report");
}

Result<CheckResult> readCheck(const json::Value& value) {
    const Result<Verdict> verdict = verdictNamed(json::text(value, "verdict"));
    if (!verdict) {
        return failure(verdict.error());
    }
    CheckResult check;
    check.id = json::text(value, "id");
    check.variant = json::text(value, "variant");
    check.route = json::text(value, "route");
    check.verdict = *verdict;
    check.status = statusOf(value);
    const std::string who = json::text(value, "deniedBy");
    check.deniedBy = who == word(DeniedBy::Gateway)  ? DeniedBy::Gateway
                     : who == word(DeniedBy::Engine) ? DeniedBy::Engine
                                                     : DeniedBy::Unknown;
    check.deniedByWhat = json::text(value, "deniedByWhat");
    check.reason = json::text(value, "reason");
    check.transcript = json::text(value, "transcript");
    check.transcripts = textList(value, "transcripts");
    check.routeClass = json::text(value, "routeClass");
    check.at = timeOf(value, "at");
    check.mustDeny = json::flag(value, "mustDeny", true);
    return check;
}

PositiveControl readControl(const json::Value& value) {
    PositiveControl control;
    control.status = statusOf(value);
    control.at = timeOf(value, "at");
    control.model = json::text(value, "model");
    control.route = json::text(value, "route");
    control.transcript = json::text(value, "transcript");
    control.requestId = json::text(value, "requestId");
    control.reason = json::text(value, "reason");
    return control;
}

Result<EndpointReport> readEndpoint(const json::Value& value) {
    EndpointReport endpoint;
    endpoint.name = json::text(value, "name");
    endpoint.id = json::text(value, "id");
    endpoint.url = json::text(value, "url");
    endpoint.engineName = json::text(value, "engine.name");
    endpoint.engineVersion = json::text(value, "engine.version");
    endpoint.engineHow = json::text(value, "engine.how");
    endpoint.note = json::text(value, "note");
    const Result<Conclusion> conclusion = conclusionNamed(json::text(value, "conclusion"));
    if (!conclusion) {
        return failure(conclusion.error());
    }
    endpoint.conclusion = *conclusion;
    if (const json::Value* checks = json::find(value, "checks"); checks != nullptr && checks->is_array()) {
        for (const json::Value& item : checks->get_array()) {
            Result<CheckResult> check = readCheck(item);
            if (!check) {
                return failure(check.error());
            }
            endpoint.checks.push_back(std::move(*check));
        }
    }
    if (const json::Value* controls = json::find(value, "positiveControls"); controls && controls->is_array()) {
        for (const json::Value& item : controls->get_array()) {
            endpoint.positiveControls.push_back(readControl(item));
        }
    }
    return endpoint;
}

Finding readFinding(const json::Value& value) {
    return {json::text(value, "id"), json::text(value, "endpoint"), json::text(value, "severity"),
            json::text(value, "reason"), textList(value, "transcripts")};
}

} // namespace

const char* word(Verdict verdict) {
    switch (verdict) {
    case Verdict::Denied:
        return "DENIED";
    case Verdict::Reached:
        return "REACHED";
    case Verdict::Absent:
        return "ABSENT";
    case Verdict::Public:
        return "PUBLIC";
    case Verdict::Inconclusive:
        return "INCONCLUSIVE";
    case Verdict::Noted:
        return "NOTED";
    }
    return "INCONCLUSIVE";
}

const char* word(DeniedBy who) {
    switch (who) {
    case DeniedBy::Gateway:
        return "gateway";
    case DeniedBy::Engine:
        return "engine";
    case DeniedBy::Unknown:
        return "unknown";
    }
    return "unknown";
}

const char* word(Conclusion conclusion) {
    switch (conclusion) {
    case Conclusion::Denies:
        return "denies";
    case Conclusion::Reached:
        return "reached";
    case Conclusion::Inconclusive:
        return "inconclusive";
    }
    return "inconclusive";
}

json::Object ProbeReport::toJson() const {
    json::Object runObject = run.toJson();
    runObject["finishedAt"] = timeText(finishedAt);
    runObject["cancelled"] = cancelled;
    runObject["catalogueDigest"] = catalogueDigest;
    json::Array endpointList;
    for (const EndpointReport& endpoint : endpoints) {
        endpointList.push_back(endpointJson(endpoint));
    }
    json::Array findingList;
    for (const Finding& finding : findings) {
        findingList.push_back(json::Object{{"id", finding.id},
                                           {"endpoint", finding.endpoint},
                                           {"severity", finding.severity},
                                           {"reason", finding.reason},
                                           {"transcripts", textArray(finding.transcripts)}});
    }
    return {{"apiVersion", "gatehouse.dev/v1alpha1"},
            {"kind", "ProbeReport"},
            {"run", std::move(runObject)},
            {"endpoints", std::move(endpointList)},
            {"coverage", {{"planned", planned}, {"conclusive", conclusive}, {"ratio", coverage()}}},
            {"findings", std::move(findingList)}};
}

Result<ProbeReport> ProbeReport::fromJson(const json::Value& value) {
    if (json::text(value, "kind") != "ProbeReport" || json::text(value, "apiVersion") != "gatehouse.dev/v1alpha1") {
        return failure(ErrorKind::BadRequest, "this is no ProbeReport of gatehouse.dev/v1alpha1");
    }
    ProbeReport report;
    report.run.id = json::text(value, "run.id");
    report.run.startedAt = timeOf(value, "run.startedAt");
    report.run.toolName = json::text(value, "run.tool.name");
    report.run.toolVersion = json::text(value, "run.tool.version");
    report.finishedAt = timeOf(value, "run.finishedAt");
    report.cancelled = json::flag(value, "run.cancelled");
    report.catalogueDigest = json::text(value, "run.catalogueDigest");
    if (const json::Value* list = json::find(value, "endpoints"); list != nullptr && list->is_array()) {
        for (const json::Value& item : list->get_array()) {
            Result<EndpointReport> endpoint = readEndpoint(item);
            if (!endpoint) {
                return failure(endpoint.error());
            }
            report.endpoints.push_back(std::move(*endpoint));
        }
    }
    report.planned = static_cast<std::size_t>(json::number(value, "coverage.planned"));
    report.conclusive = static_cast<std::size_t>(json::number(value, "coverage.conclusive"));
    if (const json::Value* list = json::find(value, "findings"); list != nullptr && list->is_array()) {
        for (const json::Value& item : list->get_array()) {
            report.findings.push_back(readFinding(item));
        }
    }
    return report;
}

} // namespace gatehouse::probe
