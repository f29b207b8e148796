#include "core/inventory/sources/ModelFacts.h"

#include "core/api/Models.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>

namespace gatehouse::inventory {
namespace {

ObjectReference referenceTo(const Object& object, const api::Identity& identity) {
    return {object.apiVersion(), object.kind(), identity.nameSpace, identity.name};
}

std::string noteOf(const api::Identity& identity, const char* annotation) {
    const auto found = identity.annotations.find(annotation);
    return found == identity.annotations.end() ? std::string() : found->second;
}

ModelFacts served(const Object& object, const api::LLMModel& model) {
    ModelFacts facts;
    facts.reference = referenceTo(object, model.identity);
    facts.modelId = model.model.name;
    facts.models = std::vector<std::string>{model.model.name};
    facts.external = model.endpoints.external;
    facts.anyKey = model.access.isPublic;
    facts.upstream = noteOf(model.identity, api::UpstreamAnnotation);
    facts.upstreamSecret = noteOf(model.identity, api::UpstreamSecretAnnotation);
    facts.note = noteOf(model.identity, api::NoteAnnotation);
    return facts;
}

ModelFacts passedOn(const Object& object, const api::PassthroughModel& model) {
    ModelFacts facts;
    facts.reference = referenceTo(object, model.identity);
    if (!model.catchAll) {
        facts.models = model.declared;
        std::sort(facts.models->begin(), facts.models->end());
    }
    facts.external = model.endpoints.external;
    facts.anyKey = model.access.isPublic;
    facts.provider = model.hostname;
    facts.note = noteOf(model.identity, api::NoteAnnotation);
    return facts;
}

} // namespace

std::string describe(const ObjectReference& reference) {
    return reference.kind + " " + (reference.nameSpace.empty() ? "" : reference.nameSpace + "/") + reference.name;
}

std::vector<ModelFacts> modelsOf(const Snapshot& snapshot, std::vector<NotInspected>& notInspected) {
    std::vector<ModelFacts> list;
    for (const Object& object : snapshot.objects) {
        const bool isServed =
            object.apiVersion() == kinds::LLMModel.apiVersion() && object.kind() == kinds::LLMModel.kind;
        const bool isPassedOn = object.apiVersion() == kinds::PassthroughModel.apiVersion() &&
                                object.kind() == kinds::PassthroughModel.kind;
        if ((!isServed && !isPassedOn) || object.isBeingDeleted()) {
            continue;
        }
        std::optional<ModelFacts> facts;
        std::string problem;
        if (isServed) {
            const Result<api::LLMModel> model = api::LLMModel::from(object);
            model ? void(facts = served(object, *model)) : void(problem = model.error().describe());
        } else {
            const Result<api::PassthroughModel> model = api::PassthroughModel::from(object);
            model ? void(facts = passedOn(object, *model)) : void(problem = model.error().describe());
        }
        if (!facts) {
            notInspected.push_back({(isServed ? kinds::LLMModel : kinds::PassthroughModel).resourceName() + " " +
                                        object.nameSpace() + "/" + object.name(),
                                    "the object cannot be read: " + problem});
            continue;
        }
        facts->externalStatus = object.text("status.endpoints.external");
        facts->internalStatus = object.text("status.endpoints.internal");
        list.push_back(std::move(*facts));
    }
    return list;
}

ObjectReference gatewayReference() {
    return {"gatehouse.dev/v1alpha1", "StandaloneGateway", "", "gateway"};
}

void protectByGateway(const Snapshot::StandaloneGateway& gateway, const std::string& how, Endpoint& endpoint) {
    endpoint.authentication.mechanisms = {"api-key"};
    endpoint.authentication.enforcedBy = {gatewayReference()};
    if (gateway.enforcing) {
        endpoint.authentication.required = Required::Yes;
        endpoint.authentication.reason = how;
        return;
    }
    const std::string why = gateway.reasonIfNot.empty() ? "the reason is not known" : gateway.reasonIfNot;
    endpoint.authentication.required = Required::Unknown;
    endpoint.authentication.reason = "The gateway does not run with the present configuration: " + why;
    endpoint.findings.push_back({"gateway-not-enforcing", "high", endpoint.authentication.reason});
}

bool isLoopbackUrl(std::string_view url) {
    const std::size_t start = url.find("://");
    if (start == std::string_view::npos) {
        return false;
    }
    std::string_view host = url.substr(start + 3);
    host = host.substr(0, host.find('/'));
    if (host.substr(0, 1) == "[") {
        return host.substr(0, 5) == "[::1]";
    }
    host = host.substr(0, host.find(':'));
    // 127.0.0.0/8 by number only: "127.example.com" is somebody else's name.
    return host == "localhost" || (host.substr(0, 4) == "127." && host.find_first_not_of("0123456789.") == host.npos);
}

} // namespace gatehouse::inventory
