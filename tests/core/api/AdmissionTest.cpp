#include "core/api/Admission.h"
#include "core/api/CustomResources.h"
#include "core/object_store/KnownKinds.h"
#include "core/yaml/Yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::api {
namespace {

using testing::HasSubstr;

Object objectFrom(const std::string& text) {
    return *Object::from(*yaml::readOne(text));
}

const char* const Chat = R"(
apiVersion: llm.nebari.dev/v1alpha1
kind: LLMModel
metadata: {name: chat, namespace: team}
spec:
  access: {groups: [llm]}
  model:
    name: org/chat
    source: huggingface
    storage: {size: 10Gi}
  resources: {gpu: {count: 1, type: nvidia}}
)";

const char* const Provider = R"(
apiVersion: llm.nebari.dev/v1alpha1
kind: PassthroughModel
metadata: {name: provider, namespace: team}
spec:
  access: {public: true}
  provider: {hostname: api.example.com, credentialSecretName: key}
  models: {declared: [org/a, org/b]}
)";

std::string withLine(std::string text, const std::string& old, const std::string& replacement) {
    const std::size_t at = text.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    return text.replace(at, old.size(), replacement);
}

std::string problemOf(const std::string& text) {
    const Result<Object> admitted = admit(objectFrom(text));
    return admitted ? "accepted" : admitted.error().field + " | " + admitted.error().describe();
}

TEST(Admission, GivesAModelItsDefaults) {
    const Result<Object> admitted = admit(objectFrom(Chat));
    ASSERT_TRUE(admitted) << admitted.error().describe();
    EXPECT_EQ(admitted->text("spec.model.storage.type"), "pvc");
    EXPECT_EQ(admitted->at("spec.serving"), nullptr) << "a default inside an absent parent does not apply";
}

TEST(Admission, IsIdempotent) {
    const Result<Object> once = admit(objectFrom(Provider));
    ASSERT_TRUE(once);
    const Result<Object> twice = admit(*once);
    ASSERT_TRUE(twice);
    EXPECT_EQ(json::compact(once->value()), json::compact(twice->value()));
}

struct Refusal {
    const char* name;
    const char* text;
    const char* old;
    const char* replacement;
    const char* says;
};

class Refusals : public testing::TestWithParam<Refusal> {};

TEST_P(Refusals, NameTheFieldAndTheMend) {
    const Refusal& refusal = GetParam();
    EXPECT_THAT(problemOf(withLine(refusal.text, refusal.old, refusal.replacement)), HasSubstr(refusal.says));
}

INSTANTIATE_TEST_SUITE_P(
    All, Refusals,
    testing::Values(
        Refusal{"Dot", Chat, "name: chat", "name: llama-3.1", "for example llama-3-1"},
        Refusal{"Digit", Chat, "name: chat", "name: 70b-chat", "for example m-70b-chat"},
        Refusal{"LongName", Chat, "name: chat", "name: a23456789012345678901234567890123456789012345678901234567890",
                "metadata.name has 60 characters"},
        Refusal{"NegativeGpus", Chat, "count: 1", "count: -1", "spec.resources.gpu.count is -1; use 0 or more"},
        Refusal{"NoSize", Chat, "size: 10Gi", "size: \"\"", "spec.model.storage.size is empty"},
        Refusal{"ZeroSize", Chat, "size: 10Gi", "size: 0Gi", "quantity above zero"},
        Refusal{"BadSize", Chat, "size: 10Gi", "size: 10 GB", "spec.model.storage.size is \"10 GB\""},
        Refusal{"OciWithoutImage", Chat, "source: huggingface", "source: oci", "spec.model.image is empty"},
        Refusal{"UnknownSource", Chat, "source: huggingface", "source: s3", "use one of \"huggingface\", \"oci\""},
        Refusal{"UnknownField", Chat, "source: huggingface", "source: huggingface\n    sorce: x",
                "unknown field \"spec.model.sorce\""},
        Refusal{"UnknownMetadata", Chat, "name: chat", "name: chat, lables: {}", "unknown field \"metadata.lables\""},
        Refusal{"WrongType", Chat, "count: 1", "count: one",
                "spec.resources.gpu.count must be a whole number, not a string"},
        Refusal{"Missing", Chat, "source: huggingface", "revision: x", "spec.model.source is missing"},
        Refusal{"Null", Chat, "groups: [llm]", "groups: null", "spec.access lets nobody in"},
        Refusal{"NullInList", Chat, "groups: [llm]", "groups: [null]",
                "spec.access.groups[0] must be a string, not null"},
        Refusal{"Int32", Chat, "count: 1", "count: 99999999999", "32 bits"},
        Refusal{"Nobody", Chat, "{groups: [llm]}", "{}", "spec.access lets nobody in"},
        Refusal{"BlankGroup", Chat, "[llm]", "[llm, ' ']", "spec.access.groups[1] is blank"},
        Refusal{"Option", Chat, "name: org/chat", "name: --trust-remote-code", "do not begin with '-'"},
        Refusal{"LineInId", Chat, "name: org/chat", "name: \"a\\nb\"", "spec.model.name is \"a?b\""},
        Refusal{"Upstream", Chat, "name: chat", "name: chat, annotations: {gatehouse.dev/upstream: 'http://u:p@h'}",
                "metadata.annotations[gatehouse.dev/upstream] holds credentials"},
        Refusal{"Label", Chat, "name: chat", "name: chat, labels: {a: 'b c'}", "metadata.labels[a]"},
        Refusal{"Scheme", Provider, "api.example.com", "'https://api.example.com'", "drop the scheme"},
        Refusal{"Path", Provider, "api.example.com", "api.example.com/v1", "drop port, path"},
        Refusal{"RoutesNothing", Provider, "declared: [org/a, org/b]", "declared: []", "catchAll"},
        Refusal{"BlankId", Provider, "org/b", "''", "spec.models.declared[1] must not be empty"},
        Refusal{"NoCredential", Provider, ", credentialSecretName: key", "",
                "spec.provider.credentialSecretName is missing"},
        Refusal{"PortRange", Provider, "hostname:", "port: 70000, hostname:", "it must be at most 65535"},
        Refusal{"BothOff", Provider,
                "models:", "endpoints: {external: {enabled: false}, internal: {enabled: false}}\n  models:",
                "disables both external and internal"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Admission, DropsUnknownFieldsWhenAsked) {
    const std::string text = withLine(Chat, "source: huggingface", "source: huggingface\n    sorce: x");
    const Result<Object> admitted = admit(objectFrom(text), false);
    ASSERT_TRUE(admitted) << admitted.error().describe();
    EXPECT_EQ(admitted->at("spec.model.sorce"), nullptr);
    EXPECT_EQ(admitted->text("spec.model.source"), "huggingface");
}

TEST(Admission, SaysHowManyMoreThingsAreWrong) {
    const std::string text = withLine(withLine(Chat, "count: 1", "count: -1"), "name: chat", "name: llama-3.1");
    EXPECT_THAT(problemOf(text), HasSubstr("(and 1 more)"));
}

TEST(Admission, AnEphemeralVolumeNeedsNoSize) {
    EXPECT_EQ(problemOf(withLine(Chat, "size: 10Gi", "type: emptyDir")), "accepted");
}

TEST(Admission, OnOneHostNoStorageIsNeeded) {
    const std::string text = withLine(withLine(Chat, "    storage: {size: 10Gi}\n", ""), "name: chat",
                                      "name: chat, annotations: {gatehouse.dev/upstream: 'http://127.0.0.1:8001'}");
    EXPECT_EQ(problemOf(text), "accepted");
}

TEST(Admission, WarnsApartFromErrors) {
    const Review reviewed = review(objectFrom(withLine(Chat, "size: 10Gi", "type: emptyDir")), Unknown::Refuse);
    EXPECT_TRUE(reviewed.accepted());
    ASSERT_EQ(reviewed.warnings.size(), 1U);
    EXPECT_THAT(reviewed.warnings[0], HasSubstr("re-download"));
}

TEST(Admission, OneModelIdStandsInOneModelOnly) {
    const Object other = objectFrom(withLine(Chat, "name: chat, namespace: team", "name: older, namespace: other"));
    const Result<Object> admitted = admit(objectFrom(Chat), true, std::vector<Object>{other});
    ASSERT_FALSE(admitted);
    EXPECT_EQ(admitted.error().field, "spec.model.name");
    EXPECT_THAT(admitted.error().describe(), HasSubstr("\"org/chat\" is already the model id of LLMModel other/older"));
    EXPECT_TRUE(admit(objectFrom(Chat), true, std::vector<Object>{objectFrom(Chat)}))
        << "the object itself is no rival";
}

TEST(Admission, TwoKindsMayNotShareAName) {
    const Object other = objectFrom(withLine(Provider, "name: provider", "name: chat"));
    const Result<Object> admitted = admit(objectFrom(Chat), true, std::vector<Object>{other});
    ASSERT_FALSE(admitted);
    EXPECT_THAT(admitted.error().describe(), HasSubstr("already used by a PassthroughModel"));
}

TEST(Admission, ATerminatingObjectIsOnlyCheckedForItsShape) {
    const std::string text = withLine(withLine(Chat, "{groups: [llm]}", "{}"), "name: chat",
                                      "name: chat, deletionTimestamp: '2026-11-21T00:00:00Z'");
    EXPECT_EQ(problemOf(text), "accepted");
}

TEST(Admission, FoldsStringDataOfASecret) {
    const Result<Object> admitted =
        admit(objectFrom("{apiVersion: v1, kind: Secret, metadata: {name: key}, stringData: {apiKey: abc}}"));
    ASSERT_TRUE(admitted) << admitted.error().describe();
    EXPECT_EQ(admitted->text("data.apiKey"), "YWJj");
    EXPECT_EQ(admitted->at("stringData"), nullptr);
    EXPECT_EQ(admitted->text("type"), "Opaque");
}

TEST(Admission, NeverRepeatsASecretValue) {
    const std::string problem =
        problemOf("{apiVersion: v1, kind: Secret, metadata: {name: key}, data: {apiKey: 'hunter2 hunter2'}}");
    EXPECT_THAT(problem, HasSubstr("data[apiKey] is not base64"));
    EXPECT_THAT(problem, testing::Not(HasSubstr("hunter2")));
}

TEST(Admission, RefusesKindsItDoesNotKnow) {
    EXPECT_THAT(problemOf("{apiVersion: v1, kind: Pod, metadata: {name: x}}"), HasSubstr("no kind \"Pod\""));
}

TEST(CustomResources, AreThereForEveryKindOfOurs) {
    for (const KnownKind& known : knownKinds()) {
        if (known.type.group.empty()) {
            EXPECT_EQ(schemaOf(known.type), nullptr) << known.type.kind;
        } else {
            const CustomResource* resource = findCustomResource(known.type);
            ASSERT_NE(resource, nullptr) << known.type.kind;
            EXPECT_EQ(resource->type, known.type);
            EXPECT_EQ(resource->singular, known.singular);
        }
    }
}

} // namespace
} // namespace gatehouse::api
