#include "core/inventory/DumpReader.h"
#include "core/inventory/InventoryFormats.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace gatehouse;
using namespace gatehouse::inventory;

namespace {

constexpr const char* Models = R"(
apiVersion: llm.nebari.dev/v1alpha1
kind: LLMModel
metadata: {name: chat, namespace: default, annotations: {gatehouse.dev/upstream: "http://127.0.0.1:8001", gatehouse.dev/note: "bundled stand-in, not a model"}}
spec: {model: {name: org/chat, source: huggingface}, resources: {gpu: {count: 1, type: nvidia}}, access: {groups: [llm]}}
---
apiVersion: llm.nebari.dev/v1alpha1
kind: LLMModel
metadata: {name: far, namespace: default, annotations: {gatehouse.dev/upstream: "http://10.0.0.7:8001"}}
spec: {model: {name: org/far, source: huggingface}, resources: {gpu: {count: 1, type: nvidia}}, access: {public: true}}
---
apiVersion: llm.nebari.dev/v1alpha1
kind: LLMModel
metadata: {name: unserved, namespace: default}
spec: {model: {name: org/unserved, source: huggingface}, resources: {gpu: {count: 1, type: nvidia}}, access: {public: true}}
---
apiVersion: llm.nebari.dev/v1alpha1
kind: PassthroughModel
metadata: {name: provider, namespace: default}
spec: {provider: {hostname: api.example.com, credentialSecretName: s}, models: {catchAll: true}, access: {public: true}}
---
apiVersion: gatehouse.dev/v1alpha1
kind: Endpoint
metadata: {name: lab, namespace: team}
spec: {url: "http://lab.example:8000", models: [b, a, b], reach: external, engine: vllm, tls: {insecure: true}}
)";

Snapshot snapshotOf(const std::string& text) {
    Snapshot snapshot;
    const Result<void> read = readDump(text, "dump", snapshot);
    EXPECT_TRUE(read) << read.error().describe();
    return snapshot;
}

Inventory collected(const Snapshot& snapshot) {
    return collect(snapshot, allSources(), RunStamp{"run", *parseRfc3339("2026-11-21T12:00:00Z")});
}

const Endpoint* find(const Inventory& inventory, const std::string& kind, const std::string& name,
                     const std::string& url) {
    const auto found = std::find_if(inventory.endpoints.begin(), inventory.endpoints.end(), [&](const Endpoint& each) {
        return each.source.kind == kind && each.source.name == name && each.url == url;
    });
    return found == inventory.endpoints.end() ? nullptr : &*found;
}

bool notInspected(const Inventory& inventory, const std::string& part) {
    return std::any_of(inventory.notInspected.begin(), inventory.notInspected.end(), [&](const NotInspected& each) {
        return (each.resource + ": " + each.reason).find(part) != std::string::npos;
    });
}

Snapshot oneHost(bool enforcing = true) {
    Snapshot snapshot = snapshotOf(Models);
    snapshot.standalone =
        Snapshot::StandaloneGateway{"https://127.0.0.1:8443", enforcing, enforcing ? "" : "Envoy is down"};
    return snapshot;
}

} // namespace

TEST(Inventory, OneHostHasModelsTheirServersAndTheGateway) {
    const Inventory inventory = collected(oneHost());
    const Endpoint* chat = find(inventory, "LLMModel", "chat", "https://127.0.0.1:8443");
    ASSERT_NE(chat, nullptr);
    EXPECT_EQ(chat->authentication.required, Required::Yes);
    EXPECT_EQ(chat->authentication.mechanisms, std::vector<std::string>{"api-key"});
    ASSERT_EQ(chat->authentication.enforcedBy.size(), 1U);
    EXPECT_EQ(chat->authentication.enforcedBy[0].kind, "StandaloneGateway");
    EXPECT_EQ(*chat->models, std::vector<std::string>{"org/chat"});
    EXPECT_EQ(chat->engineNote, "bundled stand-in, not a model");
    EXPECT_TRUE(chat->findings.empty());

    const Endpoint* server = find(inventory, "LLMModel", "chat", "http://127.0.0.1:8001");
    ASSERT_NE(server, nullptr);
    EXPECT_EQ(server->authentication.required, Required::No);
    EXPECT_EQ(server->reach, Reach::Cluster);
    ASSERT_EQ(server->findings.size(), 1U);
    EXPECT_EQ(server->findings[0].id, "upstream-unauthenticated");
    EXPECT_EQ(server->findings[0].severity, "medium");

    const Endpoint* far = find(inventory, "LLMModel", "far", "http://10.0.0.7:8001");
    ASSERT_NE(far, nullptr);
    ASSERT_EQ(far->findings.size(), 2U);
    EXPECT_EQ(far->findings[0].severity, "high") << "over the network it is worse";
    EXPECT_EQ(far->findings[1].id, "upstream-plain-http");
    EXPECT_EQ(far->reach, Reach::Unknown);

    const Endpoint* passthrough = find(inventory, "PassthroughModel", "provider", "https://127.0.0.1:8443");
    ASSERT_NE(passthrough, nullptr);
    EXPECT_FALSE(passthrough->models) << "catchAll: any model id passes";
    const Endpoint* gateway = find(inventory, "StandaloneGateway", "gateway", "https://127.0.0.1:8443");
    ASSERT_NE(gateway, nullptr);
    EXPECT_FALSE(gateway->models);

    EXPECT_EQ(find(inventory, "LLMModel", "unserved", "https://127.0.0.1:8443"), nullptr);
    EXPECT_TRUE(notInspected(inventory, "LLMModel default/unserved: it has no annotation"));
    EXPECT_TRUE(notInspected(inventory, "provider api.example.com"));

    const Endpoint* lab = find(inventory, "Endpoint", "lab", "http://lab.example:8000");
    ASSERT_NE(lab, nullptr);
    EXPECT_EQ(*lab->models, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(lab->engine, "vllm");
    EXPECT_EQ(lab->authentication.required, Required::Unknown);
    EXPECT_EQ(lab->findings.size(), 2U);
}

TEST(Inventory, AGatewayThatDoesNotEnforceIsNotSaidToProtect) {
    const Inventory inventory = collected(oneHost(false));
    const Endpoint* chat = find(inventory, "LLMModel", "chat", "https://127.0.0.1:8443");
    ASSERT_NE(chat, nullptr);
    EXPECT_EQ(chat->authentication.required, Required::Unknown);
    ASSERT_FALSE(chat->findings.empty());
    EXPECT_EQ(chat->findings[0].id, "gateway-not-enforcing");
    EXPECT_TRUE(hasHighFinding(inventory.toJson()));
}

TEST(Inventory, TheSameObjectsInAnyOrderGiveTheSameBytes) {
    Snapshot snapshot = oneHost();
    const std::string first = json::compact(collected(snapshot).toJson());
    std::reverse(snapshot.objects.begin(), snapshot.objects.end());
    EXPECT_EQ(json::compact(collected(snapshot).toJson()), first);
    snapshot.objects.push_back(snapshot.objects.front());
    const Inventory doubled = collected(snapshot);
    EXPECT_EQ(json::compact(doubled.toJson()), first) << "the same endpoint twice is one";
    EXPECT_TRUE(std::is_sorted(doubled.endpoints.begin(), doubled.endpoints.end(),
                               [](const Endpoint& a, const Endpoint& b) { return a.id < b.id; }));
}

TEST(Inventory, WithoutAGatewayOfOursNothingIsClaimed) {
    const Inventory inventory = collected(snapshotOf(Models));
    EXPECT_EQ(inventory.endpoints.size(), 1U) << "only the Endpoint object";
    EXPECT_TRUE(notInspected(inventory, "LLMModel default/chat: its status names no address"));
    const Inventory cluster = collected(snapshotOf(R"(
apiVersion: llm.nebari.dev/v1alpha1
kind: LLMModel
metadata: {name: chat, namespace: ns}
spec: {model: {name: org/chat, source: huggingface}, resources: {gpu: {count: 1, type: nvidia}}, access: {}}
status: {endpoints: {external: "https://llm.example.com", internal: "https://llm-internal.example.com"}}
)"));
    ASSERT_EQ(cluster.endpoints.size(), 2U);
    for (const Endpoint& endpoint : cluster.endpoints) {
        EXPECT_EQ(endpoint.authentication.required, Required::Unknown);
    }
}

TEST(Inventory, WhatNoSourceReadsIsNamed) {
    const Inventory inventory = collected(snapshotOf(R"({"apiVersion":"v1","kind":"List","items":[
        {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"a"}},
        {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"b"}},
        {"apiVersion":"kuadrant.io/v1","kind":"AuthPolicy","metadata":{"name":"c"}},
        {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"d"}},
        {"apiVersion":"serving.kserve.io/v1beta1","kind":"InferenceService","metadata":{"name":"e"}},
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"f"},"spec":{"type":"NodePort"}},
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"g"},"spec":{"type":"ClusterIP"}},
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"h"}},
        {"kind":"broken"}]})"));
    EXPECT_TRUE(inventory.endpoints.empty());
    EXPECT_TRUE(notInspected(inventory, "httproutes.gateway.networking.k8s.io: 2 objects"));
    EXPECT_TRUE(notInspected(inventory, "authpolicies.kuadrant.io: 1 object in"));
    EXPECT_TRUE(notInspected(inventory, "ingresses.networking.k8s.io"));
    EXPECT_TRUE(notInspected(inventory, "inferenceservices.serving.kserve.io"));
    EXPECT_TRUE(notInspected(inventory, "services: 1 object in"));
    EXPECT_TRUE(notInspected(inventory, "an entry is no object"));
    EXPECT_EQ(inventory.notInspected.size(), 6U);
}

TEST(DumpReader, ReadsListsStreamsAndTypedLists) {
    const Snapshot fromList = snapshotOf(R"({"apiVersion":"gatehouse.dev/v1alpha1","kind":"EndpointList","items":[
        {"metadata":{"name":"a","namespace":"n"},"spec":{"url":"https://h"}}]})");
    ASSERT_EQ(fromList.objects.size(), 1U);
    EXPECT_EQ(fromList.objects[0].kind(), "Endpoint");
    EXPECT_EQ(fromList.objects[0].apiVersion(), "gatehouse.dev/v1alpha1");
    EXPECT_EQ(snapshotOf(Models).objects.size(), 5U);
    EXPECT_EQ(snapshotOf("apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: p}}\n")
                  .objects.size(),
              1U);
}

TEST(DumpReader, KeepsNoSecretsAndSaysWhatStandsTwice) {
    const char* secret = R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","annotations":
        {"kubectl.kubernetes.io/last-applied-configuration":"c2VjcmV0"}},"data":{"k":"c2VjcmV0"},
        "stringData":{"k":"c2VjcmV0"}})";
    Snapshot snapshot = snapshotOf(secret);
    ASSERT_EQ(snapshot.objects.size(), 1U);
    EXPECT_EQ(json::compact(snapshot.objects[0].value()).find("c2VjcmV0"), std::string::npos);
    ASSERT_TRUE(readDump(secret, "again", snapshot));
    EXPECT_EQ(snapshot.objects.size(), 1U);
    EXPECT_TRUE(snapshot.notInspected.empty());
    ASSERT_TRUE(readDump(R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","labels":{"x":"y"}}})", "other",
                         snapshot));
    ASSERT_EQ(snapshot.notInspected.size(), 1U);
    EXPECT_NE(snapshot.notInspected[0].reason.find("stands twice"), std::string::npos);
}

TEST(DumpReader, RefusesWhatIsNoDump) {
    for (const char* text : {"", "{", "{\"a\":1,\"a\":2}", "a: [", "a: &x 1\nb: *x\n"}) {
        Snapshot snapshot;
        const Result<void> read = readDump(text, "file.yaml", snapshot);
        ASSERT_FALSE(read) << text;
        EXPECT_NE(read.error().describe().find("file.yaml"), std::string::npos);
    }
    EXPECT_FALSE(readDumps({"/nonexistent/dump.yaml"}));
}

TEST(InventoryFormats, AreSafeToShow) {
    const Snapshot snapshot = snapshotOf(
        R"({"apiVersion":"gatehouse.dev/v1alpha1","kind":"Endpoint","metadata":{"name":"=cmd|x","namespace":"n"},
            "spec":{"url":"https://h/a|b","note":"\u001b[31mred","models":["=1+1"]}})");
    const json::Value document = collected(snapshot).toJson();
    EXPECT_EQ(toTable(document).find('\x1b'), std::string::npos);
    EXPECT_NE(toCsv(document).find("\"'=1+1\""), std::string::npos);
    EXPECT_NE(toMarkdown(document).find("https://h/a\\|b"), std::string::npos);
    EXPECT_FALSE(hasHighFinding(document));
}
