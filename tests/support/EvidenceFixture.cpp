#include "tests/support/EvidenceFixture.h"

#include <cctype>
#include <cstdlib>

namespace gatehouse::test {
namespace {

const std::string Day = "2026-05-15T14:00:00Z";

std::string slug(std::string text) {
    for (char& c : text) {
        c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? static_cast<char>(std::tolower(c)) : '-';
    }
    return text;
}

probe::Transcript transcriptOf(const std::string& id, const std::string& route, int status, const std::string& body) {
    probe::Transcript transcript;
    transcript.id = id;
    transcript.sent =
        route + " HTTP/1.1\r\nHost: 127.0.0.1:8443\r\nContent-Type: application/json\r\n\r\n{\"model\": \"org/none\"}";
    if (status != 0) {
        transcript.received = "HTTP/1.1 " + std::to_string(status) + " Some Reason\r\nserver: envoy\r\n\r\n" + body;
    } else {
        transcript.failure = "connection reset";
    }
    transcript.at = fixedTime() + std::chrono::seconds(5);
    transcript.connectTime = std::chrono::microseconds(420);
    transcript.firstByteTime = std::chrono::microseconds(1730);
    transcript.totalTime = std::chrono::microseconds(1810);
    transcript.remoteAddress = "127.0.0.1:8443";
    transcript.tlsVersion = "TLSv1.3";
    transcript.tlsCipher = "TLS_AES_256_GCM_SHA384";
    transcript.tlsVerified = true;
    transcript.certificateSha256 = {std::string(64, 'a')};
    return transcript;
}

inventory::Endpoint inventoryEndpoint(const std::string& name, const std::string& model) {
    inventory::Endpoint endpoint;
    endpoint.source = {"llm.nebari.dev/v1alpha1", "LLMModel", "default", name};
    endpoint.url = "https://127.0.0.1:8443/" + name + "/v1/chat/completions";
    endpoint.id = inventory::endpointId(endpoint.source, endpoint.url);
    endpoint.models = std::vector<std::string>{model};
    endpoint.reach = inventory::Reach::External;
    endpoint.authentication = {inventory::Required::Yes,
                               {"api-key"},
                               {{"gatehouse.dev/v1alpha1", "Gateway", "default", "gatehouse"}},
                               "the gateway refuses every request without a key of this model"};
    endpoint.engine = "llama.cpp";
    return endpoint;
}

void addEndpoint(evidence::EvidenceInputs& inputs, const std::string& name, const std::string& model) {
    inputs.inventory.endpoints.push_back(inventoryEndpoint(name, model));
    probe::EndpointReport endpoint;
    endpoint.name = name;
    endpoint.id = inputs.inventory.endpoints.back().id;
    endpoint.url = "https://127.0.0.1:8443/" + name;
    endpoint.engineName = "llama.cpp";
    endpoint.engineVersion = "b4000";
    endpoint.engineHow = "declared";
    for (const char* check : {"no-credential", "wrong-key", "foreign-key"}) {
        for (const char* route : {"POST /v1/chat/completions", "GET /v1/models"}) {
            addCheck(inputs.report, endpoint, check, route, probe::Verdict::Denied,
                     std::string(check) == "foreign-key" ? 403 : 401);
        }
    }
    endpoint.conclusion = probe::Conclusion::Denies;
    addPositiveControl(inputs.report, endpoint, 200);
    endpoint.positiveControls.back().model = model;
    inputs.report.endpoints.push_back(std::move(endpoint));
}

json::Object logLine(const std::string& requestId, const std::string& tenant, const std::string& model) {
    return {{"ts", Day},
            {"tenant_id", tenant},
            {"user_id", "user-" + tenant + "-1"},
            {"endpoint", "/v1/chat/completions"},
            {"model", model},
            {"input_tokens", 12},
            {"output_tokens", 5},
            {"request_id", requestId},
            {"status", 200}};
}

} // namespace

TimePoint fixedTime() {
    return *parseRfc3339(Day);
}

RunStamp fixedRun() {
    RunStamp run;
    run.id = "3f0c1c52-9d1e-4c55-8a4f-0d2f4f6a7b11";
    run.startedAt = fixedTime();
    run.toolVersion = "0.0.0-test";
    return run;
}

void addCheck(probe::ProbeReport& report, probe::EndpointReport& endpoint, const std::string& check,
              const std::string& route, probe::Verdict verdict, int status) {
    probe::CheckResult result;
    result.id = check;
    result.route = route;
    result.verdict = verdict;
    result.status = status == 0 ? std::nullopt : std::optional<int>(status);
    result.deniedBy = verdict == probe::Verdict::Denied ? probe::DeniedBy::Gateway : probe::DeniedBy::Unknown;
    result.reason = "answered " + std::to_string(status);
    result.transcript = slug(endpoint.name) + "/" + check + "/" + slug(route);
    result.mustDeny = verdict != probe::Verdict::Noted;
    report.transcripts[result.transcript] =
        transcriptOf(result.transcript, route, status, R"({"error": "Unauthorized"})");
    report.transcripts[result.transcript].nonce = "nonce-" + result.transcript;
    report.planned += result.mustDeny ? 1 : 0;
    report.conclusive += result.mustDeny && verdict != probe::Verdict::Inconclusive ? 1 : 0;
    endpoint.checks.push_back(std::move(result));
}

void addPositiveControl(probe::ProbeReport& report, probe::EndpointReport& endpoint, int status) {
    probe::PositiveControl control;
    control.status = status;
    control.at = fixedTime() + std::chrono::seconds(6);
    control.model = "org/a";
    control.route = "POST /v1/chat/completions";
    control.requestId = "req-" + endpoint.name;
    control.transcript = slug(endpoint.name) + "/positive-control/" + std::to_string(endpoint.positiveControls.size());
    probe::Transcript transcript =
        transcriptOf(control.transcript, "POST /v1/chat/completions", status, R"({"choices": []})");
    transcript.sent.insert(transcript.sent.find("\r\n\r\n"), "\r\nAuthorization: Bearer <redacted:35 bytes>");
    transcript.cuts.push_back({80, 35, "credential of this endpoint", "0123456789ab"});
    transcript.nonce = control.requestId;
    report.transcripts[control.transcript] = transcript;
    endpoint.positiveControls.push_back(std::move(control));
}

evidence::EvidenceInputs goodInputs() {
    evidence::EvidenceInputs inputs;
    inputs.inventory.run = fixedRun();
    inputs.report.run = fixedRun();
    inputs.report.finishedAt = fixedTime() + std::chrono::seconds(30);
    inputs.madeAt = fixedTime() + std::chrono::seconds(31);
    inputs.installation = "test-host";
    addEndpoint(inputs, "chat-a", "org/a");
    addEndpoint(inputs, "chat-b", "org/b");
    inputs.gatewayConfiguration = {
        {"kind", "Envoy"}, {"listener", {{"port", 8443}, {"tls", "TLSv1.2 and up"}}}, {"denyByDefault", true}};
    inputs.keys = {{"user-ann-chat-a-1234-1", "ann", "notebook", "chat-a", "org/a", "default", "2026-05-01T00:00:00Z",
                    "2026-08-01T00:00:00Z", "Active", "0123456789ab", "", "tenant-a"},
                   {"user-bob-chat-b-5678-1", "bob", "", "chat-b", "org/b", "default", "2026-05-01T00:00:00Z", "",
                    "Active", "ba9876543210", "", "tenant-b"}};
    inputs.accessLog = "access log of the gateway at https://127.0.0.1:8443";
    inputs.attribution = evidence::matchAttribution(inputs.report, {logLine("req-chat-a", "tenant-a", "org/a"),
                                                                    logLine("req-chat-b", "tenant-b", "org/b"),
                                                                    logLine("somebody-else", "x", "y")});
    return inputs;
}

evidence::EvidenceInputs openInputs() {
    evidence::EvidenceInputs inputs = goodInputs();
    addEndpoint(inputs, "raw-vllm", "org/c");
    probe::EndpointReport& endpoint = inputs.report.endpoints.back();
    addCheck(inputs.report, endpoint, "no-credential", "POST /tokenize", probe::Verdict::Reached, 200);
    addCheck(inputs.report, endpoint, "no-credential", "GET /health", probe::Verdict::Public, 200);
    addCheck(inputs.report, endpoint, "no-credential", "POST /v1/embeddings", probe::Verdict::Inconclusive, 503);
    endpoint.conclusion = probe::Conclusion::Reached;
    inputs.report.findings.push_back({"open-route",
                                      "raw-vllm",
                                      "high",
                                      "POST /tokenize answered 200 without a credential",
                                      {endpoint.checks[6].transcript}});
    inputs.openRoutes.push_back(
        {"raw-vllm", probe::Verdict::Public, "GET /health", "load balancer check", "platform", "ciso", "2027-06-30"});
    inputs.openRoutes.push_back({"raw-vllm", probe::Verdict::Reached, "POST /tokenize", "", "", "", ""});
    return inputs;
}

const std::vector<std::string>& hostileStrings() {
    static const std::vector<std::string> strings{
        "<script>alert(1)</script>",
        "</td></table><img src=x onerror=alert(2)>",
        "=HYPERLINK(\"http://evil.example\",\"x\")",
        "| a | b |\n| --- | --- |",
        "[click](javascript:alert(3)) ![x](http://evil.example/x.png) https://evil.example",
        "``` \n# heading\n```",
        "]]> <!-- & &amp; ' \" -->",
        std::string("\x1b[31mred\x07 \xe2\x80\xae txt.exe \xff\xfe bad utf8 \x00 nul", 39),
        "a\\|b`c"};
    return strings;
}

evidence::EvidenceInputs hostileInputs() {
    evidence::EvidenceInputs inputs = goodInputs();
    std::size_t next = 0;
    const auto nasty = [&next] { return hostileStrings()[next++ % hostileStrings().size()]; };
    for (const std::string& text : hostileStrings()) {
        addEndpoint(inputs, text, text);
        inventory::Endpoint& endpoint = inputs.inventory.endpoints.back();
        endpoint.url = "https://host/" + text;
        endpoint.authentication.reason = text;
        endpoint.authentication.mechanisms = {text};
        endpoint.engineNote = text;
        endpoint.findings = {{"weak-key", "medium", text}};
        inputs.inventory.notInspected.push_back({text, text});
        probe::EndpointReport& probed = inputs.report.endpoints.back();
        probed.url = text;
        probed.engineName = probed.engineVersion = probed.note = text;
        for (probe::CheckResult& check : probed.checks) {
            check.reason = nasty();
            check.deniedByWhat = text;
            probe::Transcript& transcript = inputs.report.transcripts[check.transcript];
            transcript.received += text;
        }
        inputs.report.findings.push_back({"some-finding", text, "medium", text, {probed.checks.front().transcript}});
        inputs.keys.push_back({text, text, text, text, text, text, text, text, text, text, text, text});
        inputs.openRoutes.push_back({text, probe::Verdict::Public, text, text, text, text, text});
        inputs.attribution.push_back({logLine(text, text, text), text, probed.positiveControls.front().transcript});
        inputs.gatewayConfiguration[text] = text;
    }
    inputs.installation = hostileStrings().front();
    inputs.accessLog = hostileStrings()[4];
    return inputs;
}

} // namespace gatehouse::test
