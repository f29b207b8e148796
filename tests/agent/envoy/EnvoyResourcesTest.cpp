#include "agent/envoy/EnvoyResources.h"

#include "agent/authorizer/Endpoints.h"
#include "core/files/Files.h"

#include <cstdlib>
#include <gtest/gtest.h>

namespace gatehouse::envoy {
namespace {

serving_plan::PlannedModel model(const std::string& name, const std::string& id) {
    serving_plan::PlannedModel out;
    out.nameSpace = "default";
    out.name = name;
    out.upstream = serving_plan::Upstream{"http", "127.0.0.1", 8001, "", "", true};
    serving_plan::PlannedRoute route;
    route.modelIds = {id};
    route.timeout = std::chrono::milliseconds(90'500);
    out.routes = {route};
    return out;
}

/// A server of the host, a provider with a credential, a model without an upstream and one for inside callers only.
serving_plan::ServingPlan examplePlan() {
    serving_plan::ServingPlan plan;
    plan.models = {model("chat", "org/chat"), model("claude", "vendor/claude"), model("inside", "org/inside"),
                   model("nowhere", "org/nowhere")};
    plan.models[1].upstream = serving_plan::Upstream{"https", "api.example.com", 443, "/api/v1", "provider-key", true};
    plan.models[2].routes[0].listener = serving_plan::ListenerKind::Internal;
    plan.models[3].upstream.reset();
    return plan;
}

EnvoySettings exampleSettings() {
    EnvoySettings settings;
    settings.paths.data = "/var/lib/gatehouse";
    settings.certificate = "/var/lib/gatehouse/pki/gateway.crt";
    settings.privateKey = "/var/lib/gatehouse/pki/gateway.key";
    return settings;
}

json::Object everything(const EnvoyResources& resources) {
    return json::Object{{"bootstrap", resources.bootstrap},
                        {"listeners", resources.listeners},
                        {"routes", resources.routes},
                        {"clusters", resources.clusters},
                        {"certificate", resources.certificateSecret}};
}

const json::Array& routesOf(const EnvoyResources& resources) {
    return resources.routes.at("resources").at(0).at("virtual_hosts").at(0).at("routes").as_array();
}

} // namespace

/// What the golden file holds is what Envoy gets. After a change that is meant: GATEHOUSE_UPDATE_GOLDENS=1, then read
/// the difference line by line.
TEST(EnvoyResources, AreWhatTheGoldenFileSays) {
    const std::filesystem::path golden = GATEHOUSE_SOURCE_DIR "/tests/agent/envoy/golden/example.json";
    const std::string text = json::pretty(everything(translate(examplePlan(), exampleSettings())));
    if (std::getenv("GATEHOUSE_UPDATE_GOLDENS") != nullptr) {
        ASSERT_TRUE(files::writeAtomically(golden, text));
    }
    EXPECT_EQ(text, files::read(golden).value_or("(missing)"));
}

TEST(EnvoyResources, EveryRouteButTheLastNeedsTheAuthorizersHeaderAndAnExactPath) {
    const EnvoyResources resources = translate(examplePlan(), exampleSettings());
    const json::Array& routes = routesOf(resources);
    ASSERT_EQ(routes.size(), 2 * authorizer::inferenceEndpoints().size() + 3);
    for (std::size_t i = 0; i + 1 < routes.size(); ++i) {
        const json::Value& match = routes[i].at("match");
        EXPECT_TRUE(match.at("path").is_string());
        EXPECT_EQ(match.at("headers").at(0).at("name").as_string(), authorizer::RouteHeader);
        EXPECT_TRUE(match.at("headers").at(0).at("string_match").at("exact").is_string());
        EXPECT_EQ(match.at("headers").at(1).at("name").as_string(), ":method");
    }
    EXPECT_EQ(routes[routes.size() - 1].at("match").at("prefix").as_string(), "/");
    EXPECT_EQ(routes[routes.size() - 1].at("direct_response").at("status").as_int64(), 404);
}

TEST(EnvoyResources, FailClosedAndReadTheWholeBody) {
    const json::Value value = translate(examplePlan(), exampleSettings()).listeners;
    const json::Value& manager =
        value.at("resources").at(0).at("filter_chains").at(0).at("filters").at(0).at("typed_config");
    const json::Array& filters = manager.at("http_filters").as_array();
    for (const std::size_t stage : {0U, 1U}) {
        const json::Value& filter = filters[stage].at("typed_config");
        EXPECT_FALSE(filter.at("failure_mode_allow").as_bool());
        EXPECT_TRUE(filter.at("clear_route_cache").as_bool());
    }
    EXPECT_FALSE(filters[1].at("typed_config").at("with_request_body").at("allow_partial_message").as_bool());
    EXPECT_EQ(manager.at("path_with_escaped_slashes_action").as_string(), "REJECT_REQUEST");
    EXPECT_EQ(manager.at("common_http_protocol_options").at("headers_with_underscores_action").as_string(),
              "REJECT_REQUEST");
}

TEST(EnvoyResources, HoldNoSecretAndNameTheCredentialTheyNeed) {
    const EnvoyResources resources = translate(examplePlan(), exampleSettings());
    ASSERT_EQ(resources.credentials.size(), 1U);
    EXPECT_EQ(resources.credentials[0].nameSpace, "default");
    EXPECT_EQ(resources.credentials[0].secret, "provider-key");
    const Secret document = credentialDocument(resources.credentials[0].sdsName, Secret::copyOf("top\"secret"));
    const json::Value parsed = json::parse(document.reveal()).value();
    EXPECT_EQ(parsed.at("resources").at(0).at("generic_secret").at("secret").at("inline_string").as_string(),
              "Bearer top\"secret");
    EXPECT_EQ(parsed.at("resources").at(0).at("name").as_string(), resources.credentials[0].sdsName);
}

TEST(EnvoyResources, VersionsChangeWithWhatTheyStandForAndOnlyThen) {
    const EnvoyResources first = translate(examplePlan(), exampleSettings());
    const EnvoyResources same = translate(examplePlan(), exampleSettings());
    EXPECT_EQ(first.version, same.version);
    EXPECT_EQ(json::pretty(everything(first)), json::pretty(everything(same)));
    serving_plan::ServingPlan other = examplePlan();
    other.models[0].upstream->port = 8002;
    const EnvoyResources moved = translate(other, exampleSettings());
    EXPECT_NE(first.version, moved.version);
    EXPECT_NE(first.clustersVersion, moved.clustersVersion);
    EXPECT_EQ(first.listenersVersion, moved.listenersVersion);
    other = examplePlan();
    other.models[0].routes[0].modelIds = {"org/renamed"}; // the authorizer's business, not Envoy's
    EXPECT_EQ(first.version, translate(other, exampleSettings()).version);
    EnvoySettings settings = exampleSettings();
    settings.port = 9443;
    EXPECT_NE(first.listenersVersion, translate(examplePlan(), settings).listenersVersion);
}

TEST(EnvoyResources, VerifiesProvidersAndSaysSoWhereItDoesNot) {
    serving_plan::ServingPlan plan = examplePlan();
    const auto context = [&plan] {
        const json::Value clusters = translate(plan, exampleSettings()).clusters;
        return json::Value(clusters.at("resources").at(1).at("transport_socket").at("typed_config"));
    };
    EXPECT_EQ(context().at("sni").as_string(), "api.example.com");
    EXPECT_NE(json::at(context(), "common_tls_context.validation_context.trusted_ca"), nullptr);
    plan.models[1].upstream->verifyTls = false;
    EXPECT_EQ(json::at(context(), "common_tls_context.validation_context"), nullptr);
}

} // namespace gatehouse::envoy
