#include "tests/support/ObjectStoreContract.h"

#include "core/time/Clock.h"

#include <thread>

namespace gatehouse::test {

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ObjectStoreContract);

/// Defined with the tests of reading; calling it makes the linker take them out of the library.
void includeReadingContract();

std::string contractCaseName(const testing::TestParamInfo<ContractCase>& info) {
    return info.param.name;
}

void ObjectStoreContract::SetUp() {
    includeReadingContract();
    m_harness = GetParam().make();
    ASSERT_NE(m_harness, nullptr);
    m_nameSpace = m_harness->nameSpace();
}

void ObjectStoreContract::TearDown() {
    m_harness.reset();
}

Object ObjectStoreContract::model(const std::string& name, const std::string& modelId) const {
    json::Object content;
    content["apiVersion"] = kinds::LLMModel.apiVersion();
    content["kind"] = kinds::LLMModel.kind;
    content["metadata"] = {{"name", name}, {"namespace", m_nameSpace}};
    content["spec"] = {{"access", {{"public", false}, {"groups", json::Array{"llm"}}}},
                       {"model", {{"name", modelId}, {"source", "huggingface"}}},
                       {"resources", {{"gpu", {{"count", 1}, {"type", "nvidia"}}}}}};
    return Object(std::move(content));
}

Object ObjectStoreContract::configMap(const std::string& name, const std::string& value) const {
    json::Object content;
    content["apiVersion"] = "v1";
    content["kind"] = "ConfigMap";
    content["metadata"] = {{"name", name}, {"namespace", m_nameSpace}};
    content["data"] = {{"value", value}};
    return Object(std::move(content));
}

Object ObjectStoreContract::created(const Object& object) {
    auto made = store().create(object);
    EXPECT_TRUE(made) << (made ? "" : made.error().describe());
    return made.value_or(Object());
}

ObjectKey ObjectStoreContract::keyOf(const Object& object) const {
    const KnownKind* kind = findKind(object.apiVersion(), object.kind());
    return {kind->type, object.nameSpace(), object.name()};
}

Object ObjectStoreContract::read(const Object& object) {
    auto found = store().get(keyOf(object));
    EXPECT_TRUE(found) << (found ? "" : found.error().describe());
    return found.value_or(Object());
}

WatchEvent ObjectStoreContract::nextEvent(Watch& watch) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < end) {
        auto event = watch.next(std::chrono::milliseconds(500), {});
        if (!event) {
            ADD_FAILURE() << event.error().describe();
            return {WatchEventType::Bookmark, {}};
        }
        if (event->has_value() && (*event)->type != WatchEventType::Bookmark) {
            return std::move(**event);
        }
    }
    ADD_FAILURE() << "no event came";
    return {WatchEventType::Bookmark, {}};
}

std::unique_ptr<Watch> ObjectStoreContract::watchFrom(const ResourceType& type, const std::string& resourceVersion,
                                                      const std::string& labelSelector) {
    auto watch = store().watch(
        type, {.nameSpace = m_nameSpace, .labelSelector = labelSelector, .resourceVersion = resourceVersion});
    EXPECT_TRUE(watch) << (watch ? "" : watch.error().describe());
    return watch ? std::move(*watch) : nullptr;
}

bool ObjectStoreContract::eventually(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < end) {
        if (holds()) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return holds();
}

namespace {

json::Object& spec(Object& object) {
    return json::objectAt(object.content(), "spec");
}

} // namespace

TEST_P(ObjectStoreContract, CreateSetsWhatTheServerOwns) {
    Object incoming = model("chat");
    incoming.metadata()["uid"] = "11111111-1111-4111-8111-111111111111";
    incoming.metadata()["generation"] = 99;
    incoming.content()["status"] = {{"phase", "Ready"}};
    const Object made = created(incoming);
    EXPECT_FALSE(made.uid().empty());
    EXPECT_NE(made.uid(), incoming.uid());
    EXPECT_FALSE(made.resourceVersion().empty());
    EXPECT_EQ(made.generation(), 1);
    EXPECT_TRUE(parseRfc3339(made.text("metadata.creationTimestamp")));
    EXPECT_EQ(made.at("status"), nullptr) << "status is not written with the main object";
    EXPECT_EQ(read(made).content(), made.content());
    EXPECT_EQ(errorKind(store().create(model("chat"))), ErrorKind::AlreadyExists);
    Object withVersion = model("other");
    withVersion.metadata()["resourceVersion"] = made.resourceVersion();
    EXPECT_FALSE(store().create(withVersion));
}

TEST_P(ObjectStoreContract, GenerateNameMakesDifferentNames) {
    Object incoming = model("x");
    incoming.metadata().erase("name");
    incoming.metadata()["generateName"] = "run-";
    const Object first = created(incoming);
    const Object second = created(incoming);
    EXPECT_TRUE(first.name().starts_with("run-"));
    EXPECT_EQ(first.name().size(), 9U);
    EXPECT_NE(first.name(), second.name());
}

TEST_P(ObjectStoreContract, ANameOfOneLetterIsAName) {
    EXPECT_EQ(created(model("x")).name(), "x");
    Object nameless = model("x");
    nameless.metadata().erase("name");
    EXPECT_EQ(errorKind(store().create(nameless)), ErrorKind::Invalid);
}

TEST_P(ObjectStoreContract, RefusesMalformedMetadata) {
    for (const char* name : {"Chat", "-chat", "chat-", "a_b", "a..b", "ä", "a b"}) {
        EXPECT_EQ(errorKind(store().create(model(name))), ErrorKind::Invalid) << name;
    }
    EXPECT_EQ(errorKind(store().create(model(std::string(254, 'a')))), ErrorKind::Invalid);
    Object label = model("chat");
    label.metadata()["labels"] = {{"bad key", "x"}};
    EXPECT_EQ(errorKind(store().create(label)), ErrorKind::Invalid);
    label.metadata()["labels"] = {{"app", "-x"}};
    EXPECT_EQ(errorKind(store().create(label)), ErrorKind::Invalid);
    label.metadata()["labels"] = {{"app", 1}};
    EXPECT_FALSE(store().create(label));
    EXPECT_EQ(errorKind(store().get(keyOf(model("chat")))), ErrorKind::NotFound) << "nothing was stored";
}

TEST_P(ObjectStoreContract, UpdateReplacesAndCountsGenerations) {
    Object first = created(model("chat"));
    spec(first)["model"] = {{"name", "org/other"}, {"source", "huggingface"}};
    first.metadata()["labels"] = {{"tier", "a"}};
    auto second = store().update(first);
    ASSERT_TRUE(second) << second.error().describe();
    EXPECT_EQ(second->text("spec.model.name"), "org/other");
    EXPECT_EQ(second->generation(), 2);
    EXPECT_EQ(second->uid(), first.uid());
    EXPECT_NE(second->resourceVersion(), first.resourceVersion());
    second->metadata()["labels"] = {{"tier", "b"}};
    auto third = store().update(*second);
    ASSERT_TRUE(third) << third.error().describe();
    EXPECT_EQ(third->generation(), 2) << "metadata does not count";
    EXPECT_EQ(third->label("tier"), "b");
}

TEST_P(ObjectStoreContract, UpdateOfAnOldVersionIsAConflict) {
    const Object first = created(model("chat"));
    Object mine = first;
    Object theirs = first;
    theirs.metadata()["labels"] = {{"by", "them"}};
    ASSERT_TRUE(store().update(theirs));
    mine.metadata()["labels"] = {{"by", "me"}};
    EXPECT_EQ(errorKind(store().update(mine)), ErrorKind::Conflict);
    EXPECT_EQ(read(first).label("by"), "them");
    Object other = read(first);
    other.metadata()["uid"] = "11111111-1111-4111-8111-111111111111";
    EXPECT_EQ(errorKind(store().update(other)), ErrorKind::Conflict);
    Object missing = first;
    missing.metadata()["name"] = "nobody";
    missing.metadata().erase("uid"); // with a uid an API server calls it a Conflict
    EXPECT_EQ(errorKind(store().update(missing)), ErrorKind::NotFound);
}

TEST_P(ObjectStoreContract, AWriteThatChangesNothingKeepsTheVersion) {
    const Object first = created(model("chat"));
    auto again = store().update(first);
    ASSERT_TRUE(again) << again.error().describe();
    EXPECT_EQ(again->resourceVersion(), first.resourceVersion());
    auto patched = store().patch(keyOf(first), PatchType::Merge, json::Object{{"spec", json::Object()}});
    ASSERT_TRUE(patched);
    EXPECT_EQ(patched->resourceVersion(), first.resourceVersion());
    auto watch = watchFrom(kinds::LLMModel, first.resourceVersion());
    Object changed = first;
    changed.metadata()["labels"] = {{"a", "b"}};
    ASSERT_TRUE(store().update(changed));
    EXPECT_EQ(nextEvent(*watch).object.label("a"), "b") << "the first event is the first change";
}

TEST_P(ObjectStoreContract, StatusIsApart) {
    Object first = created(model("chat"));
    Object withStatus = first;
    withStatus.content()["status"] = {{"phase", "Ready"}, {"observedGeneration", 1}};
    spec(withStatus)["model"] = {{"name", "org/ignored"}, {"source", "huggingface"}};
    withStatus.metadata()["labels"] = {{"ignored", "yes"}};
    auto second = store().updateStatus(withStatus);
    ASSERT_TRUE(second) << second.error().describe();
    EXPECT_EQ(second->text("status.phase"), "Ready");
    EXPECT_EQ(second->text("spec.model.name"), "org/model");
    EXPECT_EQ(second->label("ignored"), "");
    EXPECT_EQ(second->generation(), 1);
    Object third = *second;
    third.content()["status"] = {{"phase", "Error"}};
    spec(third)["model"] = {{"name", "org/other"}, {"source", "huggingface"}};
    auto fourth = store().update(third);
    ASSERT_TRUE(fourth) << fourth.error().describe();
    EXPECT_EQ(fourth->text("status.phase"), "Ready") << "a write of the main object keeps the status";
    EXPECT_EQ(fourth->generation(), 2);
    EXPECT_EQ(errorKind(store().updateStatus(withStatus)), ErrorKind::Conflict) << "status writes are versioned too";
    auto patched =
        store().patch(keyOf(first), PatchType::Merge, json::Object{{"status", {{"phase", "Degraded"}}}}, "status");
    ASSERT_TRUE(patched) << patched.error().describe();
    EXPECT_EQ(patched->text("status.phase"), "Degraded");
}

TEST_P(ObjectStoreContract, MergePatchSetsAndRemoves) {
    Object first = model("chat");
    first.metadata()["labels"] = {{"a", "1"}, {"b", "2"}};
    first = created(first);
    auto patched = store().patch(keyOf(first), PatchType::Merge,
                                 json::Object{{"metadata", {{"labels", {{"a", nullptr}, {"c", "3"}}}}},
                                              {"spec", {{"access", {{"groups", json::Array{"x", "y"}}}}}}});
    ASSERT_TRUE(patched) << patched.error().describe();
    EXPECT_EQ(patched->labels(), (std::map<std::string, std::string>{{"b", "2"}, {"c", "3"}}));
    EXPECT_EQ(*patched->at("spec.access.groups"), json::Value(json::Array{"x", "y"}));
    EXPECT_EQ(patched->text("spec.model.name"), "org/model");
    const json::Object old{{"metadata", {{"resourceVersion", first.resourceVersion()}, {"labels", {{"d", "4"}}}}}};
    EXPECT_EQ(errorKind(store().patch(keyOf(first), PatchType::Merge, old)), ErrorKind::Conflict);
    EXPECT_EQ(errorKind(store().patch(keyOf(model("nobody")), PatchType::Merge, json::Object())), ErrorKind::NotFound);
}

TEST_P(ObjectStoreContract, JsonPatchIsAllOrNothing) {
    const Object first = created(model("chat"));
    const json::Array good{{{"op", "test"}, {"path", "/spec/model/name"}, {"value", "org/model"}},
                           {{"op", "add"}, {"path", "/spec/access/groups/-"}, {"value", "last"}},
                           {{"op", "add"}, {"path", "/metadata/labels"}, {"value", {{"x/y", "1"}}}},
                           {{"op", "replace"}, {"path", "/metadata/labels/x~1y"}, {"value", "2"}}};
    auto patched = store().patch(keyOf(first), PatchType::Json, good);
    ASSERT_TRUE(patched) << patched.error().describe();
    EXPECT_EQ(*patched->at("spec.access.groups"), json::Value(json::Array{"llm", "last"}));
    EXPECT_EQ(patched->label("x/y"), "2");
    const json::Array failing{{{"op", "add"}, {"path", "/metadata/labels/z"}, {"value", "1"}},
                              {{"op", "test"}, {"path", "/spec/model/name"}, {"value", "other"}}};
    EXPECT_EQ(errorKind(store().patch(keyOf(first), PatchType::Json, failing)), ErrorKind::Invalid);
    const json::Array absent{{{"op", "remove"}, {"path", "/spec/nothing"}}};
    EXPECT_EQ(errorKind(store().patch(keyOf(first), PatchType::Json, absent)), ErrorKind::Invalid);
    EXPECT_EQ(read(first).content(), patched->content());
}

TEST_P(ObjectStoreContract, ApplyOwnsFields) {
    Object mine = model("chat");
    mine.metadata()["labels"] = {{"mine", "1"}, {"shared", "1"}};
    ApplyOptions options;
    auto first = store().apply(mine, options);
    ASSERT_TRUE(first) << first.error().describe();
    EXPECT_EQ(first->generation(), 1);
    auto same = store().apply(mine, options);
    ASSERT_TRUE(same);
    EXPECT_EQ(same->resourceVersion(), first->resourceVersion()) << "applying the same again changes nothing";

    WriteOptions other;
    other.fieldManager = "someone-else";
    ASSERT_TRUE(store().patch(keyOf(mine), PatchType::Merge,
                              json::Object{{"metadata", {{"labels", {{"theirs", "1"}, {"shared", "2"}}}}}}, "", other));
    auto conflict = store().apply(mine, options);
    ASSERT_EQ(errorKind(conflict), ErrorKind::Conflict);
    EXPECT_NE(conflict.error().describe().find("someone-else"), std::string::npos) << conflict.error().describe();
    EXPECT_NE(conflict.error().describe().find("shared"), std::string::npos) << conflict.error().describe();

    Object fewer = model("chat");
    fewer.metadata()["labels"] = {{"shared", "3"}};
    options.force = true;
    auto forced = store().apply(fewer, options);
    ASSERT_TRUE(forced) << forced.error().describe();
    EXPECT_EQ(forced->labels(), (std::map<std::string, std::string>{{"shared", "3"}, {"theirs", "1"}}))
        << "what I left out goes, what others own stays";
}

TEST_P(ObjectStoreContract, ApplyKeepsWhatOthersAdded) {
    Object mine = model("chat");
    ASSERT_TRUE(store().apply(mine));
    WriteOptions other;
    other.fieldManager = "someone-else";
    ASSERT_TRUE(store().patch(
        keyOf(mine), PatchType::Merge,
        json::Object{{"metadata", {{"annotations", {{"note", "kept"}}}}}, {"spec", {{"serving", {{"replicas", 3}}}}}},
        "", other));
    spec(mine)["model"] = {{"name", "org/next"}, {"source", "huggingface"}};
    auto next = store().apply(mine);
    ASSERT_TRUE(next) << next.error().describe();
    EXPECT_EQ(next->annotation("note"), "kept");
    EXPECT_EQ(json::number(next->value(), "spec.serving.replicas"), 3);
    EXPECT_EQ(next->text("spec.model.name"), "org/next");
}

TEST_P(ObjectStoreContract, DryRunAnswersAndWritesNothing) {
    WriteOptions dry;
    dry.dryRun = true;
    auto made = store().create(model("chat"), dry);
    ASSERT_TRUE(made) << made.error().describe();
    EXPECT_EQ(errorKind(store().get(keyOf(model("chat")))), ErrorKind::NotFound);
    EXPECT_EQ(errorKind(store().create(model("Bad"), dry)), ErrorKind::Invalid);
    const Object first = created(model("chat"));
    Object changed = first;
    changed.metadata()["labels"] = {{"a", "b"}};
    auto updated = store().update(changed, dry);
    ASSERT_TRUE(updated);
    EXPECT_EQ(updated->label("a"), "b");
    ApplyOptions applyDry;
    applyDry.dryRun = true;
    applyDry.force = true;
    ASSERT_TRUE(store().apply(model("chat", "org/other"), applyDry));
    DeleteOptions deleteDry;
    deleteDry.dryRun = true;
    ASSERT_TRUE(store().remove(keyOf(first), deleteDry));
    EXPECT_EQ(read(first).content(), first.content());
}

TEST_P(ObjectStoreContract, DeleteHonoursPreconditions) {
    const Object old = created(model("chat"));
    Object first = old;
    first.metadata()["labels"] = {{"a", "b"}};
    ASSERT_TRUE(store().update(first));
    first = read(first);
    EXPECT_EQ(
        errorKind(store().remove(keyOf(first), {.preconditions = {.uid = "11111111-1111-4111-8111-111111111111"}})),
        ErrorKind::Conflict);
    EXPECT_EQ(errorKind(store().remove(keyOf(first), {.preconditions = {.resourceVersion = old.resourceVersion()}})),
              ErrorKind::Conflict);
    ASSERT_TRUE(store().remove(keyOf(first),
                               {.preconditions = {.uid = first.uid(), .resourceVersion = first.resourceVersion()}}));
    EXPECT_EQ(errorKind(store().get(keyOf(first))), ErrorKind::NotFound);
    EXPECT_EQ(errorKind(store().remove(keyOf(first))), ErrorKind::NotFound);
    const Object second = created(model("chat"));
    EXPECT_NE(second.uid(), first.uid());
    EXPECT_EQ(second.generation(), 1);
}

TEST_P(ObjectStoreContract, FinalizersHoldADeletion) {
    Object first = model("chat");
    first.metadata()["finalizers"] = json::Array{"gatehouse.dev/test"};
    first = created(first);
    auto watch = watchFrom(kinds::LLMModel, first.resourceVersion());
    ASSERT_TRUE(store().remove(keyOf(first)));
    Object held = read(first);
    EXPECT_TRUE(held.isBeingDeleted());
    WatchEvent event = nextEvent(*watch);
    EXPECT_EQ(event.type, WatchEventType::Modified);
    EXPECT_TRUE(event.object.isBeingDeleted());
    ASSERT_TRUE(store().remove(keyOf(first))) << "deleting again is no error";
    EXPECT_EQ(read(first).resourceVersion(), held.resourceVersion());

    Object more = held;
    more.metadata()["finalizers"] = json::Array{"gatehouse.dev/test", "gatehouse.dev/late"};
    EXPECT_EQ(errorKind(store().update(more)), ErrorKind::Invalid);
    Object undead = held;
    undead.metadata().erase("deletionTimestamp");
    auto still = store().update(undead);
    ASSERT_TRUE(still);
    EXPECT_TRUE(still->isBeingDeleted()) << "a deletion cannot be taken back";

    Object released = read(first);
    released.metadata().erase("finalizers");
    ASSERT_TRUE(store().update(released));
    EXPECT_EQ(errorKind(store().get(keyOf(first))), ErrorKind::NotFound);
    EXPECT_EQ(nextEvent(*watch).type, WatchEventType::Deleted);
}

TEST_P(ObjectStoreContract, DependentsGoWithTheLastOwner) {
    if (!m_harness->collectsGarbage()) {
        GTEST_SKIP() << "nobody collects garbage here";
    }
    const auto owner = [](const Object& object) {
        return json::Object{{"apiVersion", object.apiVersion()},
                            {"kind", object.kind()},
                            {"name", object.name()},
                            {"uid", object.uid()}};
    };
    const Object first = created(model("first"));
    const Object second = created(model("second"));
    Object one = configMap("of-first");
    one.metadata()["ownerReferences"] = json::Array{owner(first)};
    one = created(one);
    Object both = configMap("of-both");
    both.metadata()["ownerReferences"] = json::Array{owner(first), owner(second)};
    both = created(both);
    Object deep = configMap("of-config");
    deep.metadata()["ownerReferences"] = json::Array{owner(one)};
    deep = created(deep);
    ASSERT_TRUE(store().remove(keyOf(first)));
    EXPECT_TRUE(eventually([&] { return !store().get(keyOf(one)) && !store().get(keyOf(deep)); }));
    EXPECT_TRUE(store().get(keyOf(both))) << "one owner is still there";
    ASSERT_TRUE(store().remove(keyOf(second)));
    EXPECT_TRUE(eventually([&] { return !store().get(keyOf(both)); }));

    const Object third = created(model("third"));
    Object orphan = configMap("orphan");
    orphan.metadata()["ownerReferences"] = json::Array{owner(third)};
    orphan = created(orphan);
    ASSERT_TRUE(store().remove(keyOf(third), {.orphanDependents = true}));
    EXPECT_TRUE(eventually([&] { return read(orphan).at("metadata.ownerReferences") == nullptr; }));
    EXPECT_TRUE(store().get(keyOf(orphan)));
}

} // namespace gatehouse::test
