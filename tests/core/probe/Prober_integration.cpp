#include "core/json/Json.h"
#include "core/tls/LocalCa.h"
#include "tests/core/probe/ProberFixture.h"
#include "tests/support/TemporaryFolder.h"

#include <chrono>

using namespace gatehouse;
using namespace gatehouse::probe;
using namespace gatehouse::test;

namespace {

using Reply = ScriptedServer::Reply;
using Request = ScriptedServer::Request;
using End = ScriptedServer::End;

std::string text(int status, const std::string& body = {}, const std::vector<std::string>& headers = {}) {
    return ScriptedServer::answer(status, body, headers);
}

} // namespace

TEST(Prober, AnHonestEndpointDenies) {
    const Keys keys;
    ScriptedServer server(honest(keys));
    const ProbeReport report = probeOne(targetFor(server.url(), keys), quickOptions());
    const EndpointReport& endpoint = report.endpoints.at(0);
    EXPECT_EQ(endpoint.conclusion, Conclusion::Denies) << toTable(report);
    EXPECT_EQ(verdictsOf(report), std::set<std::string>{"DENIED"});
    EXPECT_EQ(report.coverage(), 1.0);
    EXPECT_TRUE(report.findings.empty());
    EXPECT_FALSE(report.cancelled);
    EXPECT_EQ(report.catalogueDigest.size(), 64U);
    EXPECT_TRUE(endpoint.positiveControls.at(0).passed());
    std::set<std::string> ids;
    for (const CheckResult& check : endpoint.checks) {
        ids.insert(check.id);
        EXPECT_EQ(check.deniedBy, DeniedBy::Gateway);
        EXPECT_EQ(check.transcripts.size(), 2U) << "each check goes over two new connections";
        for (const std::string& id : check.transcripts) {
            EXPECT_EQ(report.transcripts.count(id), 1U) << id;
        }
    }
    EXPECT_EQ(ids, (std::set<std::string>{"no-credential", "empty-credential", "malformed-credential", "wrong-key",
                                          "foreign-key", "identity-spoof"}));
    std::set<std::string> nonces;
    for (const Request& request : server.requests()) {
        EXPECT_TRUE(nonces.insert(request.headers.at("x-request-id")).second) << "every request has a nonce of its own";
        EXPECT_EQ(request.headers.at("user-agent"), "gatehouse-probe/" GATEHOUSE_VERSION);
    }
    EXPECT_EQ(nonces.size(), report.transcripts.size());
}

TEST(Prober, TheJsonOfAReportReadsBackTheSame) {
    const Keys keys;
    ScriptedServer server(lying(keys, [](const Request&) { return Reply{text(200, "{}")}; }));
    const ProbeReport report = probeOne(targetFor(server.url(), keys), quickOptions({"no-credential"}));
    const Result<ProbeReport> read = ProbeReport::fromJson(report.toJson());
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(json::canonical(read->toJson()), json::canonical(report.toJson()));
    EXPECT_EQ(json::parse(json::pretty(report.toJson())).value(), json::Value(report.toJson()));
}

TEST(Prober, NoSecretIsKeptAnywhereEvenIfTheServerGivesItBack) {
    const Keys keys;
    const auto echo = [&](const Request& request) {
        const std::string sent = request.headers.count("authorization") != 0 ? request.headers.at("authorization") : "";
        std::string chunked = "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (const char c : sent) {
            chunked += std::string("1\r\n") + c + "\r\n";
        }
        std::string upper = sent;
        std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
        switch (request.number % 5) {
        case 0:
            return Reply{text(401, R"({"error":")" + sent + "\"}")};
        case 1:
            return Reply{text(401, "", {"X-Echo: " + sent, "WWW-Authenticate: Bearer key=\"" + sent + "\""})};
        case 2:
            return Reply{chunked + "0\r\n\r\n"};
        case 3:
            return Reply{text(401, upper + " " + crypto::base64(sent) + " " + crypto::hex(sent))};
        default:
            return Reply{"HTTP/1.1 401 No\r\nContent-Length: 100000\r\n\r\n" + sent, End::Reset};
        }
    };
    ScriptedServer server(lying(keys, echo));
    ProbeOptions options = quickOptions();
    options.connectionsPerCheck = 3;
    const ProbeReport report = probeOne(targetFor(server.url(), keys), options);
    const std::string everything = allText(report);
    ASSERT_GT(report.transcripts.size(), 100U);
    for (const std::string& key : {keys.good, keys.foreign}) {
        for (std::size_t at = 0; at + 10 <= key.size(); at += 5) {
            if (at == 0) {
                continue; // "sk-" and seven characters
            }
            EXPECT_EQ(everything.find(key.substr(at, 10)), std::string::npos) << "a piece of a key was kept";
        }
    }
    EXPECT_NE(everything.find("<redacted:"), std::string::npos);
    EXPECT_NE(everything.find("withheld: it gives a secret back in pieces"), std::string::npos);
    EXPECT_TRUE(hasFinding(report, "credential-echoed"));
}

TEST(Prober, FoundOpen) {
    const Keys keys;
    const std::vector<std::pair<const char*, std::function<Reply(const Request&)>>> rows{
        {"200 with an error body", [](const Request&) { return Reply{text(200, R"({"error":"Unauthorized"})")}; }},
        {"401, then 200",
         [](const Request& request) { return Reply{request.number % 2 == 0 ? text(401) : text(200, "{}")}; }},
        {"200, then 401",
         [](const Request& request) { return Reply{request.number % 2 == 1 ? text(401) : text(200, "{}")}; }},
        {"200 without end",
         [](const Request&) {
             return Reply{"HTTP/1.1 200 OK\r\n\r\n", End::Endless, std::string(9000, 'x')};
         }},
        {"401 with a completion in it",
         [](const Request&) { return Reply{text(401, R"({"choices":[{"text":"a"}]})")}; }},
        {"404 of the engine",
         [](const Request&) { return Reply{text(404, R"({"detail":"Not Found"})", {"server: uvicorn"})}; }},
        {"422 of the engine",
         [](const Request&) { return Reply{text(422, R"({"detail":[{"msg":"field required"}]})")}; }},
    };
    for (const auto& [what, lie] : rows) {
        ScriptedServer server(lying(keys, lie));
        const ProbeReport report = probeOne(targetFor(server.url(), keys), quickOptions({"no-credential"}));
        EXPECT_EQ(report.endpoints.at(0).conclusion, Conclusion::Reached) << what;
        EXPECT_TRUE(hasFinding(report, "reached-without-credential")) << what;
        for (const Finding& finding : report.findings) {
            EXPECT_FALSE(finding.transcripts.empty()) << what;
        }
    }
}

TEST(Prober, WhatProvesNothingIsInconclusiveAndNeverADenial) {
    const Keys keys;
    std::string bomb = "HTTP/1.1 401 No\r\n";
    for (int i = 0; i < 5000; ++i) {
        bomb += "X-" + std::to_string(i) + ": y\r\n";
    }
    std::string interim;
    for (int i = 0; i < 100; ++i) {
        interim += "HTTP/1.1 100 Continue\r\n\r\n";
    }
    const std::vector<std::pair<const char*, Reply>> rows{
        {"302 to a login page", {text(302, "", {"Location: /login"})}},
        {"500", {text(500, "Failed to apply SecurityPolicies")}},
        {"503", {text(503)}},
        {"429", {text(429)}},
        {"403 without a fingerprint", {text(403, "Forbidden")}},
        {"404 by nobody known", {text(404, "not found")}},
        {"401 without end", {"HTTP/1.1 401 No\r\n\r\n", End::Endless, std::string(9000, 'x')}},
        {"401 that drips", {text(401, std::string(500, 'x')), End::Drip}},
        {"401 that hangs in its body", {"HTTP/1.1 401 No\r\nContent-Length: 10\r\n\r\nabc", End::Hang}},
        {"nothing", {"", End::Hang}},
        {"closed", {""}},
        {"reset", {"", End::Reset}},
        {"reset in the answer", {"HTTP/1.1 401 No\r\nContent-Len", End::Reset}},
        {"401, body too short", {"HTTP/1.1 401 No\r\nContent-Length: 10\r\n\r\nabc"}},
        {"a header without end", {"HTTP/1.1 401 No\r\nX: ", End::Endless, std::string(9000, 'x')}},
        {"5000 headers", {bomb + "Content-Length: 0\r\n\r\n"}},
        {"interim answers without end", {interim, End::Endless, "HTTP/1.1 100 Continue\r\n\r\n"}},
        {"bad chunks", {"HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"}},
        {"chunks without end",
         {"HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n", End::Endless, "5\r\nhello\r\n"}},
        {"chunks that are nearly all extension",
         {"HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n", End::Endless,
          "1;" + std::string(200, 'e') + "\r\nh\r\n"}},
        {"two lengths", {"HTTP/1.1 401 No\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n"}},
        {"a second answer behind the first", {text(401) + text(200, "{}")}},
        {"bare line feeds", {"HTTP/1.1 401 No\nContent-Length: 0\n\n"}},
        {"no HTTP", {"SSH-2.0-OpenSSH_9.2\r\n"}},
        {"HTTP/2 preface", {std::string("\0\0\0\4\0\0\0\0\0", 9)}},
    };
    for (const auto& [what, reply] : rows) {
        ScriptedServer server(lying(keys, [&, reply = reply](const Request&) { return reply; }));
        ProbeOptions options = quickOptions({"no-credential"});
        options.connectionsPerCheck = 1;
        options.maxAnswerBytes = 16U << 10;
        const auto start = std::chrono::steady_clock::now();
        const ProbeReport report = probeOne(targetFor(server.url(), keys), options);
        const auto spent = std::chrono::steady_clock::now() - start;
        EXPECT_EQ(verdictsOf(report), std::set<std::string>{"INCONCLUSIVE"}) << what << "\n" << toTable(report);
        EXPECT_EQ(report.endpoints.at(0).conclusion, Conclusion::Inconclusive) << what;
        EXPECT_EQ(report.coverage(), 0.0) << what;
        EXPECT_LT(spent, std::chrono::seconds(10)) << what << ": a hostile server must not hold the prober";
        for (const auto& [id, transcript] : report.transcripts) {
            EXPECT_LE(transcript.received.size(), 20U << 10) << what;
        }
    }
}

TEST(Prober, NothingIsDeniedWithoutAPositiveControl) {
    const Keys keys;
    ScriptedServer closed([](const Request&) { return Reply{text(401)}; });
    const ProbeReport all401 = probeOne(targetFor(closed.url(), keys), quickOptions());
    EXPECT_EQ(all401.endpoints.at(0).conclusion, Conclusion::Inconclusive) << "a door nailed shut is no lock";
    EXPECT_EQ(verdictsOf(all401), std::set<std::string>{"INCONCLUSIVE"});
    EXPECT_EQ(all401.conclusive, 0U);

    ScriptedServer server(honest(keys));
    ProbeTarget noKey = targetFor(server.url(), keys);
    noKey.credential.reset();
    EXPECT_EQ(probeOne(std::move(noKey), quickOptions({"no-credential"})).endpoints.at(0).conclusion,
              Conclusion::Inconclusive);
    ProbeTarget noModel = targetFor(server.url(), keys);
    noModel.model.clear();
    EXPECT_EQ(probeOne(std::move(noModel), quickOptions({"no-credential"})).endpoints.at(0).conclusion,
              Conclusion::Inconclusive);
    ScriptedServer liar([&](const Request& request) {
        const bool known =
            request.headers.count("authorization") != 0 && request.headers.at("authorization") == "Bearer " + keys.good;
        return Reply{known ? text(200, R"({"error":{"message":"quota"}})") : text(401)};
    });
    EXPECT_EQ(probeOne(targetFor(liar.url(), keys), quickOptions({"no-credential"})).endpoints.at(0).conclusion,
              Conclusion::Inconclusive)
        << "a 200 whose body is an error is no positive control";
}

TEST(Prober, EachWayInIsAFindingOfItsOwn) {
    const Keys keys;
    const auto openFor = [&](std::function<bool(const Request&)> passes) {
        return [=](const Request& request) {
            return passes(request) ? Reply{text(200, R"({"choices":[]})")} : honest(keys)(request);
        };
    };
    const auto value = [](const Request& request) {
        const auto found = request.headers.find("authorization");
        return found == request.headers.end() ? std::string("-") : found->second;
    };
    const auto lowered = [](std::string text) {
        std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
        return text;
    };
    const std::vector<std::tuple<const char*, const char*, std::function<bool(const Request&)>>> rows{
        {"empty-credential", "reached-with-empty-credential", [&](const Request& r) { return value(r) == "Bearer"; }},
        {"malformed-credential", "reached-with-malformed-credential",
         [&](const Request& r) { return lowered(value(r)) == lowered("Bearer " + keys.good); }},
        {"malformed-credential", "reached-with-malformed-credential",
         [&](const Request& r) { return value(r).rfind("Bearer " + keys.good.substr(0, 30), 0) == 0; }},
        {"malformed-credential", "reached-with-malformed-credential",
         [&](const Request& r) { return value(r) == "Basic " + keys.good; }},
        {"wrong-key", "reached-with-wrong-key", [&](const Request& r) { return value(r).rfind("Bearer sk-", 0) == 0; }},
        {"foreign-key", "reached-with-foreign-key",
         [&](const Request& r) { return value(r) == "Bearer " + keys.foreign; }},
        {"identity-spoof", "reached-with-spoofed-identity",
         [&](const Request& r) { return r.headers.count("x-llm-client-id") != 0; }},
        {"no-credential", "reached-without-credential",
         [&](const Request& r) { return value(r) == "-" && r.body.find("org/a") != std::string::npos; }},
    };
    for (const auto& [check, finding, passes] : rows) {
        ScriptedServer server(openFor(passes));
        const ProbeReport report = probeOne(targetFor(server.url(), keys), quickOptions({check}));
        EXPECT_EQ(report.endpoints.at(0).conclusion, Conclusion::Reached) << finding;
        ASSERT_TRUE(hasFinding(report, finding)) << finding;
        EXPECT_EQ(report.findings.at(0).severity, "high");
    }
}

TEST(Prober, AForeignKeyIsTriedOnThisModelAndMayListItsOwn) {
    const Keys keys;
    ScriptedServer server([&](const Request& request) {
        const bool foreign = request.headers.count("authorization") != 0 &&
                             request.headers.at("authorization") == "Bearer " + keys.foreign;
        if (!foreign) {
            return honest(keys)(request);
        }
        if (request.path == "/v1/models") {
            return Reply{text(200, R"({"object":"list","data":[{"id":"org/b"}]})")};
        }
        if (request.method == "POST" && request.path.rfind("/v1/", 0) == 0) {
            return Reply{text(403, R"({"error":{"message":"not yours"}})", {"x-gatehouse-denied: authorizer"})};
        }
        return Reply{text(404, R"({"error":{"message":"no such path"}})", {"x-gatehouse-denied: authorizer"})};
    });
    const ProbeReport report = probeOne(targetFor(server.url(), keys), quickOptions({"foreign-key"}));
    EXPECT_EQ(report.endpoints.at(0).conclusion, Conclusion::Denies) << toTable(report);
    EXPECT_EQ(verdictsOf(report), (std::set<std::string>{"DENIED", "ABSENT", "NOTED"}));
    bool sawOwnModel = false;
    for (const Request& request : server.requests()) {
        const bool foreign = request.headers.count("authorization") != 0 &&
                             request.headers.at("authorization") == "Bearer " + keys.foreign;
        sawOwnModel = sawOwnModel || (foreign && request.body.find("\"org/a\"") != std::string::npos);
    }
    EXPECT_TRUE(sawOwnModel);
}

TEST(Prober, AMadeUpModelIsReplacedWhereTheGatewayRoutesByModel) {
    const Keys keys;
    ScriptedServer server([&](const Request& request) {
        const bool known =
            request.headers.count("authorization") != 0 && request.headers.at("authorization") == "Bearer " + keys.good;
        if (request.body.find("\"org/a\"") == std::string::npos && !known) {
            return Reply{text(404, "", {"server: envoy"})};
        }
        // The hole: the model's own route asks for no key at all.
        return Reply{text(200, R"({"choices":[]})")};
    });
    const ProbeReport report = probeOne(targetFor(server.url(), keys), quickOptions({"wrong-key"}));
    EXPECT_EQ(report.endpoints.at(0).conclusion, Conclusion::Reached)
        << "404 for a model that does not exist must not hide that the real one is open";
}

TEST(Prober, PublicRoutesAndPartsThatOnlyTell) {
    const Keys keys;
    ScriptedServer server([&](const Request& request) {
        return request.path == "/health" || request.path == "/metrics" ? Reply{text(200, "ok")} : honest(keys)(request);
    });
    ProbeTarget target = targetFor(server.url(), keys);
    const SystemClock clock;
    target.openRoutes.push_back({"GET /health", "load balancer", "platform", "", clock.now() + std::chrono::hours(24)});
    target.openRoutes.push_back({"GET /metrics", "old", "platform", "", clock.now() - std::chrono::hours(24)});
    const ProbeReport report = probeOne(std::move(target), quickOptions());
    EXPECT_EQ(report.endpoints.at(0).conclusion, Conclusion::Reached);
    EXPECT_TRUE(hasFinding(report, "utility-route-open"));
    EXPECT_TRUE(hasFinding(report, "open-route-not-valid"));
    EXPECT_FALSE(hasFinding(report, "reached-without-credential"));
    for (const CheckResult& check : report.endpoints.at(0).checks) {
        EXPECT_STREQ(word(check.verdict), check.route == "GET /health"    ? "PUBLIC"
                                          : check.route == "GET /metrics" ? "REACHED"
                                                                          : "DENIED");
    }
}

TEST(Prober, MutatingRoutesAreAskedWithAMethodThatChangesNothing) {
    const Keys keys;
    ScriptedServer server(honest(keys));
    ProbeTarget target = targetFor(server.url(), keys);
    target.engine = "vllm";
    ProbeOptions options = quickOptions({"no-credential"});
    options.connectionsPerCheck = 1;
    const ProbeReport safe = probeOne(std::move(target), options);
    for (const Request& request : server.requests()) {
        for (const char* path : {"/pause", "/sleep", "/update_weights", "/collective_rpc", "/v1/load_lora_adapter"}) {
            EXPECT_FALSE(request.path == path && request.method != "GET") << path;
        }
    }
    ProbeTarget again = targetFor(server.url(), keys);
    again.engine = "vllm";
    options.destructive = true;
    static_cast<void>(probeOne(std::move(again), options));
    const std::vector<Request> requests = server.requests();
    const auto pause = std::find_if(requests.begin(), requests.end(), [](const Request& request) {
        return request.path == "/pause" && request.method == "POST";
    });
    ASSERT_NE(pause, requests.end());
    EXPECT_FALSE(json::parse(pause->body)) << "even then the body is one that no handler can use";
}

TEST(Prober, TellsEnginesByWhatTheySay) {
    const Keys keys;
    ScriptedServer server([&](const Request& request) {
        if (request.path == "/v1/models" && request.headers.count("authorization") != 0 &&
            request.headers.at("authorization") == "Bearer " + keys.good) {
            return Reply{text(200, R"({"object":"list","data":[{"id":"org/a","owned_by":"vllm"}]})")};
        }
        if (request.path == "/version" && request.headers.count("authorization") != 0) {
            return Reply{text(200, R"({"version":"0.11.0<script>"})")};
        }
        return honest(keys)(request);
    });
    // The compact form is what vLLM writes.
    ProbeTarget target = targetFor(server.url(), keys);
    target.engine.clear();
    const ProbeReport report = probeOne(std::move(target), quickOptions({"wrong-key"}));
    EXPECT_EQ(report.endpoints.at(0).engineName, "vllm");
    EXPECT_EQ(report.endpoints.at(0).engineVersion, "0.11.0script");
    EXPECT_EQ(report.endpoints.at(0).engineHow, "fingerprint");
}

TEST(Prober, TlsIsVerifiedAndSaid) {
    const Keys keys;
    const SystemClock clock;
    const TemporaryFolder folder;
    const auto ours = tls::LocalCa::openOrCreate(folder / "ours", clock);
    const auto other = tls::LocalCa::openOrCreate(folder / "other", clock);
    ASSERT_TRUE(ours && other);
    const auto right = ours->ensureServer("right", {"127.0.0.1"});
    const auto wrongName = ours->ensureServer("wrong-name", {"elsewhere.example"});
    ASSERT_TRUE(right && wrongName);
    const auto conclusionWith = [&](const tls::IdentityFiles& identity, const std::string& ca, bool insecure) {
        ScriptedServer server(honest(keys), ScriptedServer::TlsFiles{identity.certificateFile, identity.keyFile});
        ProbeTarget target = targetFor(server.url(), keys);
        target.tls.caPem = ca;
        target.tls.insecure = insecure;
        ProbeOptions options = quickOptions({"no-credential"});
        options.connectionsPerCheck = 1;
        options.exchangeTimeout = std::chrono::seconds(5);
        options.connectTimeout = std::chrono::seconds(5);
        return probeOne(std::move(target), options);
    };
    const ProbeReport good = conclusionWith(*right, ours->certificatePem(), false);
    EXPECT_EQ(good.endpoints.at(0).conclusion, Conclusion::Denies) << toTable(good);
    const Transcript& transcript = good.transcripts.at(good.endpoints.at(0).checks.at(0).transcript);
    EXPECT_TRUE(transcript.tlsVerified);
    EXPECT_EQ(transcript.tlsVersion, "TLSv1.3");
    ASSERT_FALSE(transcript.certificateSha256.empty());
    EXPECT_EQ(transcript.certificateSha256.at(0), tls::certificateSha256(right->identity.certificatePem).value());

    for (const ProbeReport& bad : {conclusionWith(*right, other->certificatePem(), false),
                                   conclusionWith(*wrongName, ours->certificatePem(), false)}) {
        EXPECT_EQ(bad.endpoints.at(0).conclusion, Conclusion::Inconclusive);
        EXPECT_EQ(verdictsOf(bad), std::set<std::string>{"INCONCLUSIVE"});
        EXPECT_NE(toTable(bad).find("certificate was refused"), std::string::npos);
    }
    const ProbeReport insecure = conclusionWith(*wrongName, "", true);
    EXPECT_EQ(insecure.endpoints.at(0).conclusion, Conclusion::Denies);
    EXPECT_NE(insecure.endpoints.at(0).note.find("not verified"), std::string::npos);
    EXPECT_FALSE(insecure.transcripts.begin()->second.tlsVerified);
}

TEST(Prober, PlainHttpOnATlsPortAndTlsOnAPlainPort) {
    const Keys keys;
    ScriptedServer server(honest(keys));
    ProbeTarget target = targetFor("https://127.0.0.1:" + std::to_string(server.port()), keys);
    const ProbeReport report = probeOne(std::move(target), quickOptions({"no-credential"}));
    EXPECT_EQ(verdictsOf(report), std::set<std::string>{"INCONCLUSIVE"});
}

TEST(Prober, AnEndpointThatIsNotThereIsAskedABoundedNumberOfTimes) {
    const Keys keys;
    const ProbeReport report = probeOne(targetFor("http://127.0.0.1:1", keys), quickOptions());
    EXPECT_EQ(verdictsOf(report), std::set<std::string>{"INCONCLUSIVE"});
    EXPECT_LE(report.transcripts.size(), 16U);
    EXPECT_GT(report.planned, 100U) << "what was not asked still counts as planned";
    EXPECT_EQ(report.conclusive, 0U);
}

TEST(Prober, CancelKeepsWhatWasFound) {
    const Keys keys;
    ScriptedServer server(honest(keys));
    ProbeOptions options = quickOptions();
    options.ratePerEndpoint = 200;
    std::stop_source stop;
    std::size_t calls = 0;
    std::vector<ProbeTarget> targets;
    targets.push_back(targetFor(server.url(), keys, "first"));
    targets.push_back(targetFor(server.url(), keys, "second"));
    const auto start = std::chrono::steady_clock::now();
    const ProbeReport report = probeNow(targets, options, stop.get_token(), [&](const Progress& progress) {
        EXPECT_LE(progress.done, progress.total);
        if (++calls == 20) {
            stop.request_stop();
        }
    });
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
    EXPECT_TRUE(report.cancelled);
    EXPECT_EQ(verdictsOf(report), (std::set<std::string>{"DENIED", "INCONCLUSIVE"}));
    EXPECT_GE(report.conclusive, 10U);
    EXPECT_LT(report.coverage(), 0.5);
    EXPECT_EQ(report.endpoints.at(0).conclusion, Conclusion::Inconclusive);
    for (const EndpointReport& endpoint : report.endpoints) {
        EXPECT_EQ(endpoint.checks.size(), report.endpoints.at(0).checks.size());
    }
}

TEST(Prober, KeepsToTheRateAndTellsPartialReports) {
    const Keys keys;
    ScriptedServer server(honest(keys));
    ProbeOptions options = quickOptions({"wrong-key"});
    options.ratePerEndpoint = 25;
    options.connectionsPerCheck = 1;
    std::size_t partial = 0;
    options.onPartialReport = [&](const ProbeReport& report) {
        ++partial;
        EXPECT_FALSE(report.endpoints.at(0).checks.empty());
        EXPECT_EQ(report.endpoints.at(0).name, "chat-a");
        EXPECT_FALSE(report.transcripts.empty());
    };
    const auto start = std::chrono::steady_clock::now();
    static_cast<void>(probeOne(targetFor(server.url(), keys), options));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto count = static_cast<double>(server.requests().size());
    EXPECT_GT(count, 15);
    EXPECT_LE((count - 2) / seconds, 25.5);
    EXPECT_GE(partial, static_cast<std::size_t>(seconds) > 1 ? 1U : 0U);
}

TEST(Prober, EndpointNamesCannotCollideInTranscriptIds) {
    const Keys keys;
    ScriptedServer server(honest(keys));
    std::vector<ProbeTarget> targets;
    targets.push_back(targetFor(server.url(), keys, "Chat A"));
    targets.push_back(targetFor(server.url(), keys, "chat/a"));
    targets.push_back(targetFor(server.url(), keys, "../../etc"));
    const ProbeReport report = probeNow(targets, quickOptions({"wrong-key"}));
    std::set<std::string> deciding;
    for (const EndpointReport& endpoint : report.endpoints) {
        for (const CheckResult& check : endpoint.checks) {
            EXPECT_TRUE(deciding.insert(check.transcript).second) << check.transcript;
            EXPECT_EQ(check.transcript.find(".."), std::string::npos);
            EXPECT_EQ(check.transcript.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._/-"), std::string::npos)
                << check.transcript;
        }
    }
}
