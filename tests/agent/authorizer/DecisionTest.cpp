#include "agent/authorizer/Decision.h"

#include "agent/authorizer/Endpoints.h"
#include "core/crypto/Crypto.h"
#include "core/json/Json.h"

#include <gtest/gtest.h>

namespace gatehouse::authorizer {
namespace {

using serving_plan::ListenerKind;
using serving_plan::PlannedModel;
using serving_plan::PlannedRoute;
using serving_plan::ServingPlan;

const TimePoint Now = parseRfc3339("2026-11-21T12:00:00Z").value();
constexpr const char* KeyA = "sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
constexpr const char* KeyB = "sk-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
constexpr const char* ExpiredKey = "sk-eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
constexpr const char* AgentKey = "gatehouse-agent-0123456789";

keys::KeyTable someKeys() {
    const auto entry = [](const char* client, const char* model, std::optional<TimePoint> end) {
        return keys::KeyEntry{client, "owner", "tenant", "default", model, end};
    };
    return keys::KeyTable().with({{crypto::sha256(KeyA), entry("client-a", "chat-a", std::nullopt)},
                                  {crypto::sha256(KeyB), entry("client-b", "chat-b", Now + std::chrono::hours(1))},
                                  {crypto::sha256(ExpiredKey), entry("client-e", "chat-a", Now)}});
}

PlannedModel model(const char* name, std::vector<std::string> ids) {
    PlannedModel out;
    out.nameSpace = "default";
    out.name = name;
    out.upstream = serving_plan::Upstream{"http", "127.0.0.1", 8001, "", "", true};
    PlannedRoute route;
    route.modelIds = std::move(ids);
    out.routes = {route};
    return out;
}

ModelDirectory someModels() {
    ServingPlan plan;
    plan.models = {model("chat-a", {"org/a", "org/a2"}), model("chat-b", {"org/b"}), model("hidden", {"org/hidden"}),
                   model("no-upstream", {"org/none"}), model("open", {"org/open"})};
    plan.models[2].routes[0].listener = ListenerKind::Internal;
    plan.models[3].upstream.reset();
    plan.models[4].routes[0].callers.anyAuthenticated = true;
    return ModelDirectory::from(plan);
}

/// A request as it stands in a table: what differs from a good one.
struct Row {
    const char* name;
    int status;
    std::vector<std::string> authorization = {std::string("Bearer ") + KeyA};
    std::string method = "POST";
    std::string path = "/v1/chat/completions";
    std::string body = R"({"model":"org/a"})";
    std::vector<std::string> contentType = {"application/json"};
    std::vector<std::string> contentEncoding = {};
};

Decision decideRow(const Row& row, Stage stage, const keys::KeyTable& keys) {
    RequestFacts facts;
    facts.stage = stage;
    facts.method = row.method;
    facts.path = row.path;
    facts.authorization = {row.authorization.begin(), row.authorization.end()};
    facts.contentType = {row.contentType.begin(), row.contentType.end()};
    facts.contentEncoding = {row.contentEncoding.begin(), row.contentEncoding.end()};
    facts.body = stage == Stage::Authorize ? std::string_view(row.body) : std::string_view();
    static const ModelDirectory models = someModels();
    static const Secret agentKey = Secret::copyOf(AgentKey);
    return decide(facts, keys, models, agentKey, Now);
}

class DecisionRow : public testing::TestWithParam<Row> {};

const std::string A = std::string("Bearer ") + KeyA;

} // namespace

TEST(DeferredRefusal, OnlySmallDeclaredBodiesWaitForTheSecondStageWhichRefusesThem) {
    const keys::KeyTable keys = someKeys();
    const ModelDirectory models = someModels();
    RequestFacts facts;
    facts.method = "POST";
    facts.path = "/v1/chat/completions";
    facts.contentType = {"application/json"};
    const auto at = [&](Stage stage, std::optional<std::uint64_t> length) {
        facts.stage = stage;
        facts.declaredLength = length;
        return decide(facts, keys, models, Secret(), Now);
    };
    for (const std::uint64_t length : {std::uint64_t(1), DeferredBody}) {
        const Decision early = at(Stage::Authenticate, length);
        EXPECT_EQ(early.status, 200);
        EXPECT_EQ(early.caller, nullptr) << "a deferred refusal names nobody";
        EXPECT_TRUE(early.routeName.empty()) << "and opens no route";
        EXPECT_EQ(at(Stage::Authorize, length).status, 401);
    }
    for (const std::optional<std::uint64_t> length : {std::optional<std::uint64_t>(), {0}, {DeferredBody + 1}}) {
        EXPECT_EQ(at(Stage::Authenticate, length).status, 401);
    }
}

TEST_P(DecisionRow, HasItsStatus) {
    const Row& row = GetParam();
    const keys::KeyTable keys = someKeys();
    const Decision decision = decideRow(row, Stage::Authorize, keys);
    EXPECT_EQ(decision.status, row.status) << decision.message;
    EXPECT_EQ(decision.routeName.empty(), row.status != 200);
    const Decision early = decideRow(row, Stage::Authenticate, keys);
    if (row.status == 401) {
        EXPECT_EQ(early.status, 401) << "whoever is unknown must be refused before a body is read";
        EXPECT_EQ(decision.caller, nullptr);
    } else {
        EXPECT_TRUE(early.status == 200 || early.status == row.status);
        EXPECT_EQ(early.routeName.empty(), !(early.allowed() && row.path == VersionCheck.path));
    }
    if (!decision.allowed()) {
        EXPECT_TRUE(json::parse(errorBody(decision))) << errorBody(decision);
        EXPECT_EQ(errorBody(decision).find(KeyA), std::string::npos);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Credentials, DecisionRow,
    testing::Values(
        Row{"Good", 200}, Row{"LowerCaseScheme", 200, {std::string("bearer ") + KeyA}},
        Row{"UpperCaseScheme", 200, {std::string("BEARER ") + KeyA}}, Row{"None", 401, {}},
        Row{"EmptyField", 401, {""}}, Row{"BearerOnly", 401, {"Bearer"}}, Row{"BearerSpace", 401, {"Bearer "}},
        Row{"BearerSpaces", 401, {"Bearer     "}}, Row{"RawKey", 401, {KeyA}},
        Row{"Basic", 401, {std::string("Basic ") + KeyA}}, Row{"Token", 401, {std::string("Token ") + KeyA}},
        Row{"TwoSpaces", 401, {std::string("Bearer  ") + KeyA}}, Row{"Tab", 401, {std::string("Bearer\t") + KeyA}},
        Row{"TrailingSpace", 401, {A + " "}}, Row{"LeadingSpace", 401, {" " + A}}, Row{"TwoFields", 401, {A, A}},
        Row{"GoodThenBad", 401, {A, "Bearer sk-x"}}, Row{"BadThenGood", 401, {"Bearer sk-x", A}},
        Row{"Joined", 401, {A + "," + A}}, Row{"JoinedBad", 401, {"Bearer sk-x, " + A}},
        Row{"Truncated", 401, {A.substr(0, A.size() - 1)}}, Row{"Extended", 401, {A + "a"}},
        Row{"OtherCaseOfKey", 401, {"Bearer SK-" + std::string(32, 'a')}},
        Row{"OneCharacterCase", 401, {A.substr(0, A.size() - 1) + "A"}},
        Row{"Unknown", 401, {"Bearer sk-zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"}},
        Row{"Expired", 401, {std::string("Bearer ") + ExpiredKey}},
        Row{"Quoted", 401, {"Bearer \"" + std::string(KeyA) + "\""}}, Row{"Nul", 401, {A + std::string(1, '\0')}},
        Row{"LookAlike", 401, {"Bearer sk-\xd0\xb0" + std::string(31, 'a')}},
        Row{"VeryLong", 401, {"Bearer " + std::string(100'000, 'a')}},
        Row{"Digest", 401, {"Bearer " + crypto::sha256Hex(KeyA)}},
        Row{"AgentKeyOpensNoModel", 401, {std::string("Bearer ") + AgentKey}},
        Row{"NoKeyOnUnknownPath", 401, {}, "GET", "/nothing"}, Row{"NoKeyOnModels", 401, {}, "GET", "/v1/models", ""},
        Row{"NoKeyOptions", 401, {}, "OPTIONS", "/v1/chat/completions", ""},
        Row{"NoKeyVersion", 401, {}, "GET", "/.gatehouse/version", ""}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Routes, DecisionRow,
    testing::Values(
        Row{"Completions", 200, {A}, "POST", "/v1/completions"}, Row{"Embeddings", 200, {A}, "POST", "/v1/embeddings"},
        Row{"Responses", 200, {A}, "POST", "/v1/responses"}, Row{"Rerank", 200, {A}, "POST", "/v1/rerank"},
        Row{"Score", 200, {A}, "POST", "/v1/score"}, Row{"Models", 200, {A}, "GET", "/v1/models", ""},
        Row{"ModelsWithBody", 400, {A}, "GET", "/v1/models", "{}"}, Row{"ModelsPost", 404, {A}, "POST", "/v1/models"},
        Row{"OneModel", 404, {A}, "GET", "/v1/models/org", ""}, Row{"Get", 404, {A}, "GET"},
        Row{"Head", 404, {A}, "HEAD", "/v1/models", ""}, Row{"Options", 404, {A}, "OPTIONS"},
        Row{"LowerCaseMethod", 404, {A}, "post"}, Row{"OverriddenMethod", 404, {A}, "PUT"},
        Row{"Invocations", 404, {A}, "POST", "/invocations"}, Row{"Metrics", 404, {A}, "GET", "/metrics", ""},
        Row{"Root", 404, {A}, "GET", "/", ""}, Row{"DoubleSlash", 404, {A}, "POST", "//v1/chat/completions"},
        Row{"TrailingSlash", 404, {A}, "POST", "/v1/chat/completions/"},
        Row{"UpperCase", 404, {A}, "POST", "/V1/chat/completions"},
        Row{"Parameter", 404, {A}, "POST", "/v1/chat/completions;a=b"},
        Row{"Dots", 404, {A}, "POST", "/x/../v1/chat/completions"},
        Row{"Encoded", 404, {A}, "POST", "/v1/chat/%63ompletions"}, Row{"NoPath", 404, {A}, "POST", ""},
        Row{"Star", 404, {A}, "OPTIONS", "*", ""}, Row{"Tokenize", 404, {A}, "POST", "/tokenize"},
        Row{"Audio", 404, {A}, "POST", "/v1/audio/transcriptions"},
        Row{"Version", 200, {std::string("Bearer ") + AgentKey}, "GET", "/.gatehouse/version", ""},
        Row{"VersionByOthers", 404, {A}, "GET", "/.gatehouse/version", ""}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Models, DecisionRow,
    testing::Values(
        Row{"Second", 200, {A}, "POST", "/v1/completions", R"({"model":"org/a2"})"},
        Row{"OpenToAll", 200, {A}, "POST", "/v1/completions", R"({"model":"org/open"})"},
        Row{"Foreign", 403, {A}, "POST", "/v1/completions", R"({"model":"org/b"})"},
        Row{"Unknown", 403, {A}, "POST", "/v1/completions", R"({"model":"org/zzz"})"},
        Row{"Empty", 403, {A}, "POST", "/v1/completions", R"({"model":""})"},
        Row{"CrName", 403, {A}, "POST", "/v1/completions", R"({"model":"chat-a"})"},
        Row{"RouteName", 403, {A}, "POST", "/v1/completions", R"({"model":"default/chat-a"})"},
        Row{"OwnRouteName", 403, {A}, "POST", "/v1/completions", R"({"model":"gatehouse:models"})"},
        Row{"OtherCase", 403, {A}, "POST", "/v1/completions", R"({"model":"ORG/A"})"},
        Row{"Space", 403, {A}, "POST", "/v1/completions", R"({"model":"org/a "})"},
        Row{"NulInside", 403, {A}, "POST", "/v1/completions", R"({"model":"org/a\u0000"})"},
        Row{"Internal", 403, {A}, "POST", "/v1/completions", R"({"model":"org/hidden"})"},
        Row{"WithoutUpstream", 403, {A}, "POST", "/v1/completions", R"({"model":"org/none"})"},
        Row{"BadBody", 400, {A}, "POST", "/v1/completions", "{"},
        Row{"TwoModels", 400, {A}, "POST", "/v1/completions", R"({"model":"org/a","model":"org/b"})"},
        Row{"Charset",
            200,
            {A},
            "POST",
            "/v1/completions",
            R"({"model":"org/a"})",
            {"Application/JSON; charset=UTF-8"}},
        Row{"OtherCharset",
            415,
            {A},
            "POST",
            "/v1/completions",
            R"({"model":"org/a"})",
            {"application/json; charset=utf-16"}},
        Row{"NoContentType", 415, {A}, "POST", "/v1/completions", R"({"model":"org/a"})", {}},
        Row{"TwoContentTypes",
            415,
            {A},
            "POST",
            "/v1/completions",
            R"({"model":"org/a"})",
            {"application/json", "application/json"}},
        Row{"JoinedContentTypes",
            415,
            {A},
            "POST",
            "/v1/completions",
            R"({"model":"org/a"})",
            {"application/json, text/plain"}},
        Row{"Multipart",
            415,
            {A},
            "POST",
            "/v1/completions",
            R"({"model":"org/a"})",
            {"multipart/form-data; boundary=x"}},
        Row{"Form", 415, {A}, "POST", "/v1/completions", R"({"model":"org/a"})", {"application/x-www-form-urlencoded"}},
        Row{"Gzip", 415, {A}, "POST", "/v1/completions", R"({"model":"org/a"})", {"application/json"}, {"gzip"}},
        Row{"Identity",
            200,
            {A},
            "POST",
            "/v1/completions",
            R"({"model":"org/a"})",
            {"application/json"},
            {"identity"}},
        Row{"TwoEncodings",
            415,
            {A},
            "POST",
            "/v1/completions",
            R"({"model":"org/a"})",
            {"application/json"},
            {"identity", "gzip"}}),
    [](const auto& info) { return info.param.name; });

TEST(Decision, SaysTheSameOfForeignAndUnknownModels) {
    const keys::KeyTable keys = someKeys();
    const Decision foreign =
        decideRow({"", 0, {A}, "POST", "/v1/completions", R"({"model":"org/b"})"}, Stage::Authorize, keys);
    const Decision unknown =
        decideRow({"", 0, {A}, "POST", "/v1/completions", R"({"model":"org/zzz"})"}, Stage::Authorize, keys);
    EXPECT_EQ(errorBody(foreign), errorBody(unknown));
    EXPECT_EQ(foreign.status, unknown.status);
}

TEST(Decision, RoutesByTheModelOfTheKey) {
    const keys::KeyTable keys = someKeys();
    const Decision a = decideRow({"", 0, {A}}, Stage::Authorize, keys);
    EXPECT_EQ(a.routeName, "default/chat-a");
    EXPECT_EQ(a.modelId, "org/a");
    ASSERT_NE(a.caller, nullptr);
    EXPECT_EQ(a.caller->clientId, "client-a");
}

TEST(Decision, RefusesEveryoneWithoutKeysOrAgentKey) {
    const ModelDirectory models = someModels();
    RequestFacts facts;
    facts.method = "POST";
    facts.path = "/v1/completions";
    facts.body = R"({"model":"org/open"})";
    facts.contentType = {"application/json"};
    for (const std::string& value : {A, std::string("Bearer x"), std::string("Bearer ")}) {
        facts.authorization = {value};
        EXPECT_EQ(decide(facts, keys::KeyTable(), models, Secret(), Now).status, 401);
    }
}

TEST(ModelDirectory, ListsOnlyTheCallersModels) {
    const ModelDirectory models = someModels();
    const keys::KeyEntry a{"client-a", "o", "t", "default", "chat-a", std::nullopt};
    EXPECT_EQ(models.idsFor(a), (std::vector<std::string>{"org/a", "org/a2", "org/open"}));
    const keys::KeyEntry elsewhere{"client-a", "o", "t", "other", "chat-a", std::nullopt};
    EXPECT_EQ(models.idsFor(elsewhere), (std::vector<std::string>{"org/open"}));
}

TEST(ModelDirectory, CatchAllTakesWhatItsOwnKeyAsksForAndExactIdsWin) {
    ServingPlan plan;
    plan.models = {model("any", {}), model("chat-a", {"org/a"})};
    plan.models[0].routes[0].catchAll = true;
    const ModelDirectory models = ModelDirectory::from(plan);
    const keys::KeyEntry any{"c", "o", "t", "default", "any", std::nullopt};
    ASSERT_NE(models.resolve(any, "what/ever"), nullptr);
    EXPECT_EQ(models.resolve(any, "what/ever")->name, "any");
    const keys::KeyEntry a{"c", "o", "t", "default", "chat-a", std::nullopt};
    EXPECT_EQ(models.resolve(a, "what/ever"), nullptr);
    EXPECT_EQ(models.resolve(a, "org/a")->name, "chat-a");
}

TEST(ModelDirectory, TheMeetOfTwoHoldsNothingNewAndNothingWithdrawn) {
    ServingPlan before;
    before.models = {model("a", {"org/a"}), model("b", {"org/b"})};
    ServingPlan after;
    after.models = {model("b", {"org/b", "org/b2"}), model("c", {"org/c"})};
    EXPECT_TRUE(ModelDirectory::from(after).onlyAlsoIn(ModelDirectory::from(before)).entries().empty());
    after.models.push_back(model("a", {"org/a"}));
    const auto both = ModelDirectory::from(after).onlyAlsoIn(ModelDirectory::from(before)).entries();
    ASSERT_EQ(both.size(), 1U);
    EXPECT_EQ(both[0].name, "a");
}

} // namespace gatehouse::authorizer
