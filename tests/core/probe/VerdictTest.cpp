#include "core/probe/Verdict.h"

#include <gtest/gtest.h>

using namespace gatehouse;
using namespace gatehouse::probe;

namespace {

const Catalogue& catalogue() {
    static const Catalogue built = Catalogue::builtIn().value();
    return built;
}

HttpResponse response(int status, std::string body = {}, std::vector<HttpHeader> headers = {}) {
    HttpResponse made;
    made.status = status;
    made.body = std::move(body);
    made.headers = std::move(headers);
    return made;
}

TimePoint now() {
    return *parseRfc3339("2026-11-21T12:00:00Z");
}

Judgement judged(const HttpResponse& answer, Question question = {}, const char* engine = "vllm") {
    return judge(question, &answer, {}, catalogue(), *catalogue().engine(engine), now());
}

struct Row {
    const char* what;
    HttpResponse answer;
    Verdict verdict;
    DeniedBy by = DeniedBy::Unknown;
};

CheckResult result(Verdict verdict, const char* at = "2026-11-21T12:00:00Z", bool mustDeny = true) {
    CheckResult check;
    check.verdict = verdict;
    check.at = *parseRfc3339(at);
    check.mustDeny = mustDeny;
    return check;
}

PositiveControl control(const char* at, int status = 200, const char* reason = "") {
    PositiveControl made;
    made.status = status;
    made.at = *parseRfc3339(at);
    made.reason = reason;
    return made;
}

} // namespace

TEST(Verdict, RowByRow) {
    const std::string envoy404;
    const std::vector<HttpHeader> byEnvoy{{"server", "envoy"}};
    const std::vector<HttpHeader> byUs{{"x-gatehouse-denied", "authorizer"}};
    const std::vector<HttpHeader> passedEnvoy{{"server", "envoy"}, {"x-envoy-upstream-service-time", "3"}};
    const std::string nginx404 = "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not "
                                 "Found</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n";
    const std::vector<Row> rows{
        // DENIED: 401, or 403 with a fingerprint of an authentication layer
        {"bare 401", response(401), Verdict::Denied},
        {"vLLM", response(401, R"({"error":"Unauthorized"})"), Verdict::Denied, DeniedBy::Engine},
        {"llama.cpp",
         response(401, R"({"error":{"message":"Invalid API Key","type":"authentication_error","code":401}})"),
         Verdict::Denied, DeniedBy::Engine},
        {"Envoy API key", response(401, "Client authentication failed."), Verdict::Denied, DeniedBy::Gateway},
        {"Envoy JWT", response(401, "Jwt is missing"), Verdict::Denied, DeniedBy::Gateway},
        {"our 401", response(401, R"({"error":{"message":"no"}})", byUs), Verdict::Denied, DeniedBy::Gateway},
        {"our 403", response(403, R"({"error":{"message":"no"}})", byUs), Verdict::Denied, DeniedBy::Gateway},
        {"Envoy 403", response(403, "Client is forbidden."), Verdict::Denied, DeniedBy::Gateway},
        {"Envoy RBAC", response(403, "RBAC: access denied"), Verdict::Denied, DeniedBy::Gateway},
        {"kube-rbac-proxy", response(403, "Forbidden (user=system:anonymous, verb=get)"), Verdict::Denied,
         DeniedBy::Gateway},
        // a 403 that nobody explains is no denial
        {"bare 403", response(403), Verdict::Inconclusive},
        {"nginx 403", response(403, "<center><h1>403 Forbidden</h1></center>"), Verdict::Inconclusive},
        {"403 that quotes the engine", response(403, R"({"error":"model overloaded"})"), Verdict::Inconclusive},
        // REACHED: success, or whatever the engine made
        {"200", response(200, "{}"), Verdict::Reached},
        {"200 with an error body", response(200, R"({"error":"Unauthorized"})"), Verdict::Reached},
        {"204", response(204), Verdict::Reached},
        {"206", response(206), Verdict::Reached},
        {"401 with the output in it", response(401, R"({"choices":[{"text":"hi"}]})"), Verdict::Reached},
        {"302 with the output in it", response(302, R"({"choices":[{"text":"hi"}]})"), Verdict::Reached},
        {"500 with the output in it", response(500, R"({"choices":[]})"), Verdict::Reached},
        {"vLLM 404 old",
         response(404, R"({"object":"error","message":"The model does not exist.","type":"NotFoundError","code":404})"),
         Verdict::Reached},
        {"vLLM 404 new",
         response(404, R"({"error":{"message":"no model","type":"NotFoundError","param":"model","code":404}})"),
         Verdict::Reached},
        {"FastAPI 404 behind Envoy", response(404, R"({"detail":"Not Found"})", passedEnvoy), Verdict::Reached},
        {"FastAPI 405", response(405, R"({"detail":"Method Not Allowed"})"), Verdict::Reached},
        {"FastAPI 422", response(422, R"({"detail":[{"loc":["body"],"msg":"field required"}]})"), Verdict::Reached},
        {"FastAPI 400", response(400, R"({"detail":"There was an error parsing the body"})"), Verdict::Reached},
        {"415 by uvicorn", response(415, "no", {{"Server", "uvicorn"}}), Verdict::Reached},
        {"llama.cpp 404",
         response(404, R"({"error":{"code":404,"message":"File Not Found","type":"not_found_error"}})"),
         Verdict::Reached},
        {"Ollama 404", response(404, "404 page not found"), Verdict::Reached},
        {"OpenAI-like 400", response(400, R"({"error":{"message":"bad","type":"invalid_request_error"}})"),
         Verdict::Reached},
        // ABSENT: a 404 the gateway made
        {"Envoy has no route", response(404, "", byEnvoy), Verdict::Absent},
        {"nginx has no route", response(404, nginx404, {{"Server", "nginx/1.22.1"}}), Verdict::Absent},
        {"we have no route",
         response(404, R"({"error":{"message":"no such path","type":"invalid_request_error"}})", byUs),
         Verdict::Absent},
        // INCONCLUSIVE
        {"empty 404 from behind Envoy", response(404, "", passedEnvoy), Verdict::Inconclusive},
        {"404 by nobody known", response(404, "nope"), Verdict::Inconclusive},
        {"400 by nobody known", response(400, "Bad Request"), Verdict::Inconclusive},
        {"LiteLLM refuses with 400",
         response(400, R"({"error":{"message":"Authentication Error, No api key passed in.","type":"auth_error"}})"),
         Verdict::Inconclusive},
        {"301", response(301, "", {{"Location", "/login"}}), Verdict::Inconclusive},
        {"302", response(302), Verdict::Inconclusive},
        {"304", response(304), Verdict::Inconclusive},
        {"407", response(407), Verdict::Inconclusive},
        {"429", response(429, R"({"object":"error","message":"slow down","code":429})"), Verdict::Inconclusive},
        {"500", response(500), Verdict::Inconclusive},
        {"500 by the engine", response(500, R"({"object":"error","message":"oops","code":500})"),
         Verdict::Inconclusive},
        {"503 while the model loads",
         response(503, R"({"error":{"message":"Loading model","type":"unavailable_error","code":503}})"),
         Verdict::Inconclusive},
    };
    for (const Row& row : rows) {
        const Judgement judgement = judged(row.answer);
        EXPECT_STREQ(word(judgement.verdict), word(row.verdict)) << row.what << ": " << judgement.reason;
        EXPECT_STREQ(word(judgement.deniedBy), word(row.by)) << row.what;
        EXPECT_FALSE(judgement.reason.empty()) << row.what;
        EXPECT_EQ(judgement.status, row.answer.status) << row.what;
        EXPECT_TRUE(judgement.mustDeny) << row.what;
    }
}

TEST(Verdict, NoAnswerIsInconclusiveAndSaysWhy) {
    const Judgement judgement = judge({}, nullptr, "connection reset", catalogue(), *catalogue().engine("vllm"), now());
    EXPECT_EQ(judgement.verdict, Verdict::Inconclusive);
    EXPECT_EQ(judgement.reason, "connection reset");
    EXPECT_FALSE(judgement.status);
}

TEST(Verdict, ARefusalThatDoesNotEndProvesNothing) {
    HttpResponse endless = response(401, std::string(1000, 'x'));
    endless.bodyTruncated = true;
    EXPECT_EQ(judged(endless).verdict, Verdict::Inconclusive);
    HttpResponse open = response(200, std::string(1000, 'x'));
    open.bodyTruncated = true;
    EXPECT_EQ(judged(open).verdict, Verdict::Reached);
}

TEST(Verdict, OptionsIsNotedUnlessTheEngineSpeaks) {
    Question options;
    options.method = "OPTIONS";
    const Judgement noted = judged(response(200, "", {{"Allow", "POST"}}), options);
    EXPECT_EQ(noted.verdict, Verdict::Noted);
    EXPECT_FALSE(noted.mustDeny);
    EXPECT_EQ(judged(response(200, R"({"choices":[]})"), options).verdict, Verdict::Reached);
    EXPECT_EQ(judged(response(401), options).verdict, Verdict::Denied);
}

TEST(Verdict, AMadeUpModelSaysNothingWhereTheRouteDependsOnIt) {
    Question question;
    question.madeUpModel = true;
    question.knownRoute = true;
    const HttpResponse noRoute = response(404, "", {{"server", "envoy"}});
    const Judgement open = judged(noRoute, question);
    EXPECT_EQ(open.verdict, Verdict::Inconclusive);
    EXPECT_TRUE(open.needsRealModel);
    question.madeUpModel = false;
    EXPECT_EQ(judged(noRoute, question).verdict, Verdict::Absent);
}

TEST(Verdict, AForeignKeyMaySeeItsOwnModelsOnly) {
    Question question;
    question.method = "GET";
    question.routeClass = "models";
    question.model = "org/a";
    question.otherCallersList = true;
    EXPECT_EQ(judged(response(200, R"({"object":"list","data":[{"id":"org/b"}]})"), question).verdict, Verdict::Noted);
    EXPECT_EQ(judged(response(200, R"({"data":[{"id":"org/b"},{"id":"org/a"}]})"), question).verdict, Verdict::Reached);
    EXPECT_EQ(judged(response(200, R"({"data":[{"name":"org/b"}]})"), question).verdict, Verdict::Reached);
    EXPECT_EQ(judged(response(200, "not a list"), question).verdict, Verdict::Reached);
    question.otherCallersList = false;
    EXPECT_EQ(judged(response(200, R"({"data":[{"id":"org/b"}]})"), question).verdict, Verdict::Reached)
        << "without a key even a foreign list is too much";
}

TEST(Verdict, PublicNeedsAValidEntryThatHasNotExpired) {
    OpenRoute entry{"GET /health", "load balancer", "platform", "", *parseRfc3339("2027-06-30")};
    Question question;
    question.method = "GET";
    question.routeClass = "recon";
    question.openRoute = &entry;
    EXPECT_EQ(judged(response(200), question).verdict, Verdict::Public);
    EXPECT_EQ(judged(response(401), question).verdict, Verdict::Denied) << "declared open, but closed";
    entry.expires = now();
    EXPECT_EQ(judged(response(200), question).verdict, Verdict::Reached);
    entry.expires.reset();
    EXPECT_EQ(judged(response(200), question).verdict, Verdict::Reached);
    entry.expires = *parseRfc3339("2027-06-30");
    entry.owner.clear();
    EXPECT_EQ(judged(response(200), question).verdict, Verdict::Reached);
    question.openRoute = nullptr;
    EXPECT_EQ(judged(response(200), question).verdict, Verdict::Reached);
}

TEST(Verdict, TheWorstOfSeveralAnswersCounts) {
    const auto both = [](Verdict first, Verdict second) {
        std::vector<Judgement> pair(2);
        pair[0].verdict = first;
        pair[1].verdict = second;
        std::size_t decisive = 0;
        return combine(pair, decisive).verdict;
    };
    EXPECT_EQ(both(Verdict::Denied, Verdict::Denied), Verdict::Denied);
    EXPECT_EQ(both(Verdict::Denied, Verdict::Reached), Verdict::Reached);
    EXPECT_EQ(both(Verdict::Reached, Verdict::Denied), Verdict::Reached);
    EXPECT_EQ(both(Verdict::Inconclusive, Verdict::Denied), Verdict::Inconclusive);
    EXPECT_EQ(both(Verdict::Reached, Verdict::Inconclusive), Verdict::Reached);
    EXPECT_EQ(both(Verdict::Denied, Verdict::Absent), Verdict::Inconclusive) << "it must be one or the other";
    EXPECT_EQ(both(Verdict::Noted, Verdict::Denied), Verdict::Inconclusive);
    EXPECT_EQ(both(Verdict::Absent, Verdict::Absent), Verdict::Absent);
}

TEST(Verdict, ADenialNeedsAControlWithinAMinute) {
    const auto after = [](const std::vector<PositiveControl>& controls) {
        CheckResult check = result(Verdict::Denied);
        requireControl(check, controls);
        return check.verdict;
    };
    EXPECT_EQ(after({}), Verdict::Inconclusive);
    EXPECT_EQ(after({control("2026-11-21T11:59:00Z")}), Verdict::Denied);
    EXPECT_EQ(after({control("2026-11-21T12:01:00Z")}), Verdict::Denied);
    EXPECT_EQ(after({control("2026-11-21T11:58:59Z")}), Verdict::Inconclusive);
    EXPECT_EQ(after({control("2026-11-21T12:01:01Z")}), Verdict::Inconclusive);
    EXPECT_EQ(after({control("2026-11-21T12:00:00Z", 401, "answered 401")}), Verdict::Inconclusive);
    EXPECT_EQ(after({control("2026-11-21T12:00:00Z", 200, "the body is an error")}), Verdict::Inconclusive);
    EXPECT_EQ(after({control("2026-11-21T11:00:00Z"), control("2026-11-21T12:00:30Z")}), Verdict::Denied);
    CheckResult reached = result(Verdict::Reached);
    requireControl(reached, {});
    EXPECT_EQ(reached.verdict, Verdict::Reached) << "what is open stays open without a control";
}

TEST(Verdict, Conclusions) {
    const std::vector<PositiveControl> passed{control("2026-11-21T12:00:00Z")};
    const std::vector<PositiveControl> failed{control("2026-11-21T12:00:00Z", 500, "answered 500")};
    const auto of = [](std::vector<CheckResult> checks, const std::vector<PositiveControl>& controls) {
        return conclude(checks, controls);
    };
    const CheckResult denied = result(Verdict::Denied);
    EXPECT_EQ(of({denied, result(Verdict::Absent), result(Verdict::Public)}, passed), Conclusion::Denies);
    EXPECT_EQ(of({denied, result(Verdict::Noted, "2026-11-21T12:00:00Z", false)}, passed), Conclusion::Denies);
    EXPECT_EQ(of({denied, result(Verdict::Inconclusive)}, passed), Conclusion::Inconclusive);
    EXPECT_EQ(of({denied, result(Verdict::Inconclusive), result(Verdict::Reached)}, passed), Conclusion::Reached);
    EXPECT_EQ(of({denied}, failed), Conclusion::Inconclusive);
    EXPECT_EQ(of({denied}, {}), Conclusion::Inconclusive);
    EXPECT_EQ(of({result(Verdict::Reached)}, {}), Conclusion::Reached);
    EXPECT_EQ(of({}, passed), Conclusion::Inconclusive) << "nothing tried, nothing shown";
    EXPECT_EQ(of({result(Verdict::Absent)}, passed), Conclusion::Inconclusive) << "nothing was denied";
}
