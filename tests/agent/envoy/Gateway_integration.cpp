#include "tests/agent/envoy/GatewayFixture.h"

#include <csignal>
#include <sys/stat.h>

namespace gatehouse::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

bool soon(const std::function<bool()>& holds, milliseconds patience = seconds(10)) {
    for (const auto end = steady_clock::now() + patience; steady_clock::now() < end;) {
        if (holds()) {
            return true;
        }
        std::this_thread::sleep_for(milliseconds(20));
    }
    return holds();
}

/// A filler body of JSON with the model at its end.
std::string largeBody(std::size_t bytes) {
    return R"({"messages":[{"role":"user","content":")" + std::string(bytes, 'x') + R"("}],"model":"org/a"})";
}

} // namespace

class Gateway : public GatewayFixture {};

TEST_F(Gateway, AnswersTheMatrixOfKeysAndModels) {
    EXPECT_EQ(send(KeyA, chat(ModelA)).status, 200);
    EXPECT_EQ(send(KeyB, chat(ModelB)).status, 200);
    EXPECT_EQ(send(KeyA, chat(ModelB)).status, 403);
    EXPECT_EQ(send(KeyB, chat(ModelA)).status, 403);
    EXPECT_EQ(send(KeyA, chat("org/unknown")).status, 403);
    EXPECT_EQ(send(KeyA, chat("org/unknown")).body, send(KeyA, chat(ModelB)).body);
    EXPECT_EQ(send("", chat(ModelA)).status, 401);
    EXPECT_EQ(send("sk-wrong", chat(ModelA)).status, 401);
    for (const char* path : {"/", "/nothing", "/metrics", "/v1/models/x", "/invocations", "/.gatehouse/version"}) {
        http::Request request;
        request.target = path;
        EXPECT_EQ(send("", request).status, 401) << path;
        EXPECT_EQ(send(KeyA, request).status, 404) << path;
    }
    EXPECT_EQ(upstreamA.take().size(), 1U);
    EXPECT_EQ(upstreamB.take().size(), 1U);
}

TEST_F(Gateway, RefusesWithAnErrorThatCanBeToldFromAModelServers) {
    const http::Response denied = send("", chat(ModelA));
    EXPECT_EQ(denied.headers.value("x-gatehouse-denied"), "authorizer");
    EXPECT_EQ(denied.headers.value("content-type"), "application/json");
    EXPECT_EQ(denied.headers.value("www-authenticate"), "Bearer");
    const json::Value body = json::parse(denied.body).value();
    EXPECT_EQ(json::text(body, "error.type"), "authentication_error");
    EXPECT_EQ(json::text(body, "error.code"), "invalid_api_key");
    EXPECT_FALSE(send(KeyA, chat(ModelA)).headers.contains("x-gatehouse-denied")) << "an upstream must not forge it";
}

TEST_F(Gateway, ListsOnlyTheCallersModels) {
    http::Request request;
    request.target = "/v1/models";
    const http::Response answer = send(KeyA, request);
    ASSERT_EQ(answer.status, 200);
    EXPECT_NE(answer.body.find("org/a"), std::string::npos);
    EXPECT_EQ(answer.body.find("org/b"), std::string::npos);
    EXPECT_EQ(send("", request).status, 401);
    request.headers.add("x-gatehouse-caller", "default/chat-b/client-of-chat-b");
    request.headers.add("x-gatehouse-model", "default/chat-b");
    EXPECT_EQ(send(KeyA, request).body, answer.body);
}

TEST_F(Gateway, TheUpstreamSeesNeitherKeyNorIdentityNorHostOfTheClient) {
    http::Request request = chat(ModelA);
    request.target += "?note=1&api_key=" + std::string(KeyA) + "&token=" + KeyA + "&key=" + KeyA;
    for (const char* name : {"x-gatehouse-model",
                             "x-gatehouse-caller",
                             "x-gatehouse-zzz",
                             "x-llm-client-id",
                             "x-ai-eg-model",
                             "x-auth-user",
                             "x-forwarded-user",
                             "x-forwarded-for",
                             "x-forwarded-host",
                             "x-forwarded-proto",
                             "x-user",
                             "x-tenant",
                             "x-original-url",
                             "x-rewrite-url",
                             "x-envoy-original-path",
                             "x-envoy-upstream-rq-timeout-ms",
                             "x-envoy-retry-on",
                             "x-real-ip",
                             "forwarded",
                             "cookie",
                             "x-api-key",
                             "api-key",
                             "x-label-selector",
                             "x-maas-username",
                             "x-client-id",
                             "tenant",
                             "client",
                             "model",
                             "proxy-authorization",
                             "accept-encoding",
                             "x-http-method-override"}) {
        request.headers.add(name, "forged-by-the-client");
    }
    ASSERT_EQ(send(KeyA, request).status, 200);
    const auto seen = upstreamA.take();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_TRUE(seen[0].head.starts_with("POST /v1/chat/completions?note=1 HTTP/1.1\r\n")) << seen[0].head;
    EXPECT_EQ(seen[0].head.find("forged"), std::string::npos) << seen[0].head;
    EXPECT_EQ(seen[0].head.find("x-envoy"), std::string::npos) << seen[0].head;
    EXPECT_EQ(seen[0].head.find("sk-"), std::string::npos) << seen[0].head;
    EXPECT_EQ(seen[0].head.find("x-gatehouse"), std::string::npos) << seen[0].head;
    EXPECT_NE(seen[0].head.find("host: 127.0.0.1:" + std::to_string(upstreamA.port())), std::string::npos)
        << seen[0].head;
    EXPECT_EQ(seen[0].body, request.body);
}

TEST_F(Gateway, RevokesAndMintsAtOnceWithoutDroppingTheConnection) {
    const http::HttpClient client(clientOptions(KeyA));
    auto& reused = const_cast<http::HttpClient&>(client);
    ASSERT_EQ(reused.send(chat(ModelA))->status, 200);
    for (int round = 0; round < 20; ++round) {
        gateway->setKeys(onlyKeyB());
        ASSERT_EQ(reused.send(chat(ModelA))->status, 401) << round;
        gateway->setKeys(bothKeys());
        ASSERT_EQ(reused.send(chat(ModelA))->status, 200) << round;
    }
    EXPECT_TRUE(gateway->lastUsed().of("default", "chat-a", "client-of-chat-a"));
    EXPECT_FALSE(gateway->lastUsed().of("default", "chat-b", "client-of-chat-b"));
}

TEST_F(Gateway, ChangesRoutesWhileAStreamRunsAndIsInForceOnReturn) {
    upstreamA.streamPauseMs = 400;
    std::vector<std::string> lines;
    std::jthread reader([&] {
        http::HttpClient client(clientOptions(KeyA));
        http::StreamHandlers handlers;
        handlers.line = [&](std::string_view line) {
            lines.emplace_back(line);
            return true;
        };
        const auto answer = client.stream(chat(ModelA, R"(,"stream":true)"), handlers);
        EXPECT_TRUE(answer) << answer.error().describe();
    });
    ASSERT_TRUE(soon([&] { return upstreamA.count() == 1; }));
    RecordingUpstream upstreamC;
    serving_plan::ServingPlan wider = plan();
    wider.models.push_back(model("chat-c", "org/c", upstreamC.port()));
    const std::string keyC = "sk-cccccccccccccccccccccccccccccccc";
    gateway->setKeys(std::make_shared<const keys::KeyTable>(
        keys::KeyTable().with({entry(KeyA, "chat-a"), entry(KeyB, "chat-b"), entry(keyC.c_str(), "chat-c")})));
    EXPECT_EQ(send(keyC, chat("org/c")).status, 403);
    const std::string before = gateway->configVersion();
    const auto begun = steady_clock::now();
    const auto enforced = gateway->enforce(wider, {});
    ASSERT_TRUE(enforced) << enforced.error().describe();
    EXPECT_LT(steady_clock::now() - begun, seconds(5));
    EXPECT_NE(gateway->configVersion(), before);
    for (int i = 0; i < 20; ++i) {
        ASSERT_EQ(send(keyC, chat("org/c")).status, 200);
    }
    ASSERT_TRUE(gateway->enforce(plan(), {}));
    for (int i = 0; i < 20; ++i) {
        ASSERT_EQ(send(keyC, chat("org/c")).status, 403);
    }
    reader.join();
    EXPECT_NE(std::find(lines.begin(), lines.end(), "data: [DONE]"), lines.end()) << "the stream was cut";
}

TEST_F(Gateway, DoesNotDelayStreamsAndCountsTheirTokens) {
    upstreamA.streamPauseMs = 300;
    http::Request request = chat(ModelA, R"(,"stream":true)");
    request.headers.add("x-request-id", "stream-1");
    std::vector<steady_clock::time_point> times;
    http::HttpClient client(clientOptions(KeyA));
    http::StreamHandlers handlers;
    handlers.line = [&](std::string_view line) {
        if (line.starts_with("data:")) {
            times.push_back(steady_clock::now());
        }
        return true;
    };
    ASSERT_TRUE(client.stream(request, handlers));
    ASSERT_EQ(times.size(), 4U);
    EXPECT_GT(times[1] - times[0], milliseconds(150)) << "events came in one lump";
    EXPECT_GT(times[3] - times[2], milliseconds(150));
    const json::Value line = logLine("stream-1");
    EXPECT_EQ(json::number(line, "input_tokens"), 5);
    EXPECT_EQ(json::number(line, "output_tokens"), 2);
}

TEST_F(Gateway, LogsWhoAskedWhatWithTokens) {
    http::Request request = chat(ModelA);
    request.target += "?api_key=typed-into-the-query";
    request.headers.add("x-request-id", "log-1");
    ASSERT_EQ(send(KeyA, request).status, 200);
    const json::Value line = logLine("log-1");
    EXPECT_EQ(json::text(line, "tenant_id"), "tenant-of-chat-a");
    EXPECT_EQ(json::text(line, "user_id"), "client-of-chat-a");
    EXPECT_EQ(json::text(line, "model"), ModelA);
    EXPECT_EQ(json::text(line, "endpoint"), "/v1/chat/completions");
    EXPECT_EQ(json::number(line, "input_tokens"), 11);
    EXPECT_EQ(json::number(line, "output_tokens"), 7);
    EXPECT_EQ(json::number(line, "status"), 200);
    EXPECT_EQ(json::compact(line).find("typed-into"), std::string::npos);
    EXPECT_EQ(json::compact(line).find("sk-"), std::string::npos);
    http::Request foreign = chat(ModelB);
    foreign.headers.add("x-request-id", "log-2");
    ASSERT_EQ(send(KeyA, foreign).status, 403);
    EXPECT_EQ(json::text(logLine("log-2"), "user_id"), "client-of-chat-a") << "a refusal is attributed too";
    EXPECT_EQ(json::number(logLine("log-2"), "status"), 403);
    http::Request nobody = chat(ModelA);
    nobody.headers.add("x-request-id", "log-3");
    ASSERT_EQ(send("", nobody).status, 401);
    EXPECT_TRUE(json::find(logLine("log-3"), "user_id")->is_null());
}

TEST_F(Gateway, TakesLargeBodiesAndRefusesTooLargeOnes) {
    http::Request request = chat(ModelA);
    request.body = largeBody(20U << 20);
    EXPECT_EQ(send(KeyA, request).status, 200);
    ASSERT_EQ(upstreamA.count(), 1U);
    EXPECT_EQ(upstreamA.take()[0].body.size(), request.body.size());
    request.body = largeBody(33U << 20);
    const auto answer = http::HttpClient(clientOptions(KeyA)).send(request);
    EXPECT_TRUE(!answer || answer->status == 413) << answer->status;
    EXPECT_EQ(upstreamA.count(), 0U);
    EXPECT_EQ(send(KeyA, chat(ModelA)).status, 200);
}

TEST_F(Gateway, PassesLargeAnswersAndCountsTheirTokens) {
    upstreamA.answerFillerBytes = 12 << 20;
    http::Request request = chat(ModelA);
    request.headers.add("x-request-id", "large-1");
    const http::Response answer = send(KeyA, request);
    EXPECT_EQ(answer.status, 200);
    EXPECT_GT(answer.body.size(), 12U << 20);
    EXPECT_EQ(json::number(logLine("large-1"), "output_tokens"), 7);
}

TEST_F(Gateway, ReachesAServerByItsNameAndSaysWhenItIsDown) {
    serving_plan::ServingPlan named = plan();
    named.models[0].upstream->host = "localhost";
    named.models[1].upstream->port = freePort();
    ASSERT_TRUE(gateway->enforce(named, {}));
    EXPECT_EQ(send(KeyA, chat(ModelA)).status, 200);
    EXPECT_EQ(send(KeyB, chat(ModelB)).status, 503);
}

TEST_F(Gateway, AnswersItsOwnQuestions) {
    EXPECT_TRUE(gateway->check({}));
    EXPECT_EQ(gateway->statusOf(Secret::copyOf(KeyA), {}).value(), 200);
    gateway->setKeys(onlyKeyB());
    EXPECT_EQ(gateway->statusOf(Secret::copyOf(KeyA), {}).value(), 401);
    gateway->stop();
    EXPECT_FALSE(gateway->check({}));
    EXPECT_FALSE(gateway->enforce(plan(), {}));
    EXPECT_EQ(gateway->status().state, envoy::GatewayState::Stopped);
    ASSERT_TRUE(gateway->start(plan(), {}));
    EXPECT_EQ(send(KeyB, chat(ModelB)).status, 200);
}

TEST_F(Gateway, GoesFromNothingToManyModelsAndBack) {
    ASSERT_TRUE(gateway->enforce({}, {}));
    EXPECT_EQ(send(KeyA, chat(ModelA)).status, 403);
    EXPECT_EQ(send("", chat(ModelA)).status, 401);
    gateway->stop();
    ASSERT_TRUE(gateway->start({}, {}));
    EXPECT_EQ(send(KeyA, chat(ModelA)).status, 403);
    serving_plan::ServingPlan many = plan();
    for (int i = 0; i < 300; ++i) {
        many.models.push_back(model("m" + std::to_string(i), "org/m" + std::to_string(i), upstreamB.port()));
    }
    const auto begun = steady_clock::now();
    const auto enforced = gateway->enforce(many, {});
    ASSERT_TRUE(enforced) << enforced.error().describe();
    EXPECT_LT(steady_clock::now() - begun, seconds(10));
    EXPECT_EQ(send(KeyA, chat(ModelA)).status, 200);
}

TEST_F(Gateway, IsClosedWhileTheAuthorizerIsGone) {
    gateway->authorizer().stop();
    EXPECT_EQ(send(KeyA, chat(ModelA)).status, 403);
    EXPECT_EQ(send("", chat(ModelA)).status, 403);
    EXPECT_EQ(upstreamA.count(), 0U);
    ASSERT_TRUE(gateway->authorizer().start());
    EXPECT_TRUE(soon([this] { return send(KeyA, chat(ModelA)).status == 200; }));
}

TEST_F(Gateway, ComesBackWhenEnvoyIsKilled) {
    for (unsigned round = 1; round <= 2; ++round) {
        const int pid = gateway->status().pid;
        ASSERT_GT(pid, 0);
        ASSERT_EQ(::kill(pid, SIGKILL), 0);
        ASSERT_TRUE(soon([&] { return gateway->status().pid > 0 && gateway->status().pid != pid; }));
        EXPECT_TRUE(soon([this] {
            const auto answer = http::HttpClient(clientOptions(KeyA)).send(chat(ModelA));
            return answer && answer->status == 200;
        }));
        EXPECT_EQ(gateway->status().restarts, round);
        EXPECT_EQ(gateway->status().state, envoy::GatewayState::Running);
    }
    EXPECT_EQ(send("", chat(ModelA)).status, 401);
    const auto enforced = gateway->enforce(plan(), {});
    EXPECT_TRUE(enforced) << enforced.error().describe();
}

TEST_F(Gateway, EndsAnEnvoyThatAKilledAgentLeftBehind) {
    // As after kill -9 of an agent whose Envoy survived: started apart, its pid in the pid file.
    gateway->stop();
    process::ChildOptions options;
    options.program = envoy::locateEnvoy("", folder.path())->binary;
    options.arguments = {"-c", settings.paths.bootstrap().string(), "--disable-hot-restart"};
    auto orphan = process::ChildProcess::start(options);
    ASSERT_TRUE(orphan);
    ASSERT_TRUE(files::writeAtomically(settings.paths.pidFile(), std::to_string(orphan->pid())));
    ASSERT_TRUE(soon([this] { return !envoy::ensurePortFree(settings.address, settings.port); }));
    std::jthread reaper([&] { (void)orphan->wait(seconds(20)); });
    const auto started = gateway->start(plan(), {});
    EXPECT_TRUE(started) << started.error().describe();
    EXPECT_EQ(send(KeyA, chat(ModelA)).status, 200);
}

TEST_F(Gateway, NamesAPortThatIsTakenAndLeavesNothingRunning) {
    envoy::EnvoySettings second = settings;
    second.paths.data = folder / "second";
    envoy::Gateway other(*envoy::locateEnvoy("", folder.path()), second, caPem, {}, clock);
    const auto started = other.start(plan(), {});
    ASSERT_FALSE(started);
    EXPECT_NE(started.error().message.find(std::to_string(settings.port)), std::string::npos);
    EXPECT_FALSE(started.error().hint.empty());
    EXPECT_EQ(other.status().pid, 0);
    EXPECT_EQ(send(KeyA, chat(ModelA)).status, 200);
}

TEST_F(Gateway, SendsTheProvidersCredentialAndNeverTheClients) {
    credentials["provider"] = "provider-key-1";
    serving_plan::ServingPlan passthrough = plan();
    passthrough.models[0].upstream->credentialSecret = "provider";
    passthrough.models[0].upstream->pathPrefix = "/api/v1";
    const auto enforced = gateway->enforce(passthrough, {});
    ASSERT_TRUE(enforced) << enforced.error().describe();
    ASSERT_EQ(send(KeyA, chat(ModelA)).status, 200);
    auto seen = upstreamA.take();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_NE(seen[0].head.find("authorization: Bearer provider-key-1\r\n"), std::string::npos) << seen[0].head;
    EXPECT_EQ(seen[0].head.find(KeyA), std::string::npos);
    EXPECT_TRUE(seen[0].head.starts_with("POST /api/v1/chat/completions HTTP/1.1\r\n")) << seen[0].head;
    credentials["provider"] = "provider-key-2";
    ASSERT_TRUE(gateway->enforce(passthrough, {}));
    EXPECT_TRUE(soon([&] {
        (void)send(KeyA, chat(ModelA));
        seen = upstreamA.take();
        return seen.back().head.find("Bearer provider-key-2\r\n") != std::string::npos;
    }));
    for (const auto& file : std::filesystem::recursive_directory_iterator(settings.paths.folder())) {
        struct stat status {};

        ASSERT_EQ(::stat(file.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 077, 0U) << file.path();
    }
    EXPECT_EQ(json::compact(gateway->configuration()).find("provider-key"), std::string::npos);
    EXPECT_EQ(processLog().find("provider-key"), std::string::npos);
}

TEST_F(Gateway, AMissingCredentialClosesThatModelOnly) {
    serving_plan::ServingPlan passthrough = plan();
    passthrough.models[0].upstream->credentialSecret = "absent";
    const auto enforced = gateway->enforce(passthrough, {});
    ASSERT_TRUE(enforced) << enforced.error().describe();
    ASSERT_EQ(enforced->size(), 1U);
    EXPECT_EQ(enforced->front().model, passthrough.models[0].name);
    EXPECT_NE(enforced->front().message.find("absent"), std::string::npos);
    EXPECT_EQ(send(KeyA, chat(ModelA)).status, 403);
    EXPECT_EQ(send(KeyB, chat(ModelB)).status, 200);
    EXPECT_EQ(upstreamA.count(), 0U);
}

TEST_F(Gateway, AModelThatLeadsBackToItIsLeftOut) {
    for (const char* host : {"127.0.0.1", "localhost", "::1", "127.8.8.8", "0.0.0.0"}) {
        for (const int port : {settings.port + 0, settings.port + 1}) {
            serving_plan::ServingPlan loop = plan();
            loop.models[0].upstream->host = host;
            loop.models[0].upstream->port = static_cast<std::uint16_t>(port);
            const auto enforced = gateway->enforce(loop, {});
            ASSERT_TRUE(enforced) << enforced.error().describe();
            ASSERT_EQ(enforced->size(), 1U) << host << ":" << port;
            EXPECT_EQ(enforced->front().reason, "UpstreamIsGateway");
        }
    }
    EXPECT_EQ(send(KeyA, chat(ModelA)).status, 403);
    EXPECT_EQ(send(KeyB, chat(ModelB)).status, 200);
}

TEST_F(Gateway, RotatesItsAccessLog) {
    for (int i = 0; i < 5; ++i) {
        http::Request request = chat(ModelA);
        request.headers.add("x-request-id", "before-" + std::to_string(i));
        ASSERT_EQ(send(KeyA, request).status, 200);
        (void)logLine("before-" + std::to_string(i));
    }
    ASSERT_TRUE(gateway->rotateAccessLog(100, 2));
    EXPECT_TRUE(std::filesystem::exists(settings.paths.accessLog().string() + ".1"));
    http::Request request = chat(ModelA);
    request.headers.add("x-request-id", "after");
    ASSERT_EQ(send(KeyA, request).status, 200);
    EXPECT_EQ(json::number(logLine("after"), "status"), 200);
    EXPECT_LT(std::filesystem::file_size(settings.paths.accessLog()), 2000U);
}

TEST_F(Gateway, TakesANewCertificateWithoutARestart) {
    const int pid = gateway->status().pid;
    auto other = tls::LocalCa::openOrCreate(folder / "pki2", clock);
    ASSERT_TRUE(other);
    auto files = other->ensureServer("gateway", tls::localHosts());
    ASSERT_TRUE(files);
    ASSERT_TRUE(files::writeSecret(settings.privateKey, files->identity.keyPem));
    ASSERT_TRUE(files::writeAtomically(settings.certificate, files->identity.certificatePem));
    caPem = other->certificatePem();
    EXPECT_TRUE(soon([this] {
        const auto answer = http::HttpClient(clientOptions(KeyA)).send(chat(ModelA));
        return answer && answer->status == 200;
    }));
    EXPECT_EQ(gateway->status().pid, pid);
}

} // namespace gatehouse::test
