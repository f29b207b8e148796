#include "agent/kubernetes_objects/Parts.h"

#include <algorithm>

namespace gatehouse::kubernetes_objects {

bool isServed(const PlannedModel& model) {
    return model.kind == serving_plan::ModelKind::Served;
}

json::Object labelsOf(const PlannedModel& model, std::string_view nameLabel) {
    if (nameLabel.empty()) {
        nameLabel = isServed(model) ? "llmmodel" : "passthroughmodel";
    }
    json::Object labels;
    labels["app.kubernetes.io/instance"] = model.name;
    labels["app.kubernetes.io/managed-by"] = "nebari-llm-operator";
    labels["app.kubernetes.io/name"] = nameLabel;
    labels["llm.nebari.dev/model"] = model.name;
    return labels;
}

json::Object selectorOf(const PlannedModel& model, std::string_view nameLabel) {
    json::Object selector;
    selector["app.kubernetes.io/instance"] = model.name;
    if (!nameLabel.empty()) {
        selector["app.kubernetes.io/name"] = nameLabel;
    }
    return selector;
}

json::Object objectOf(const PlannedModel& model, std::string_view apiVersion, std::string_view kind,
                      const std::string& name, Owned owned) {
    json::Object metadata;
    metadata["name"] = name;
    metadata["namespace"] = model.nameSpace;
    metadata["labels"] = labelsOf(model);
    if (owned == Owned::Yes) {
        json::Object owner;
        owner["apiVersion"] = "llm.nebari.dev/v1alpha1";
        owner["kind"] = isServed(model) ? "LLMModel" : "PassthroughModel";
        owner["name"] = model.name;
        if (!model.uid.empty()) {
            owner["uid"] = model.uid;
        }
        owner["controller"] = true;
        owner["blockOwnerDeletion"] = true;
        metadata["ownerReferences"] = json::Array{json::Value(std::move(owner))};
    }
    json::Object object;
    object["apiVersion"] = apiVersion;
    object["kind"] = kind;
    object["metadata"] = std::move(metadata);
    return object;
}

json::Array textArray(const std::vector<std::string>& texts) {
    json::Array array;
    array.reserve(texts.size());
    for (const std::string& text : texts) {
        array.emplace_back(text);
    }
    return array;
}

json::Object container(const std::string& name, const std::string& image) {
    json::Object object;
    object["name"] = name;
    object["image"] = image;
    return object;
}

Listener listenerOf(const Context& context, ListenerKind kind) {
    if (kind == ListenerKind::External) {
        return {context.settings.externalGateway, "llm-https", context.settings.externalHost(), "external"};
    }
    return {context.settings.internalGateway, "llm-internal-https", context.settings.internalHost(), "internal"};
}

std::vector<serving_plan::PlannedRoute> routesOn(const PlannedModel& model, ListenerKind kind) {
    std::vector<serving_plan::PlannedRoute> routes;
    std::copy_if(model.routes.begin(), model.routes.end(), std::back_inserter(routes),
                 [&](const serving_plan::PlannedRoute& route) { return route.listener == kind; });
    return routes;
}

const Object* findExisting(const Context& context, std::string_view kind, const std::string& nameSpace,
                           const std::string& name) {
    const auto found = std::find_if(context.existing.begin(), context.existing.end(), [&](const Object& object) {
        return object.kind() == kind && object.name() == name &&
               (object.nameSpace().empty() ? "default" : object.nameSpace()) == nameSpace;
    });
    return found == context.existing.end() ? nullptr : &*found;
}

} // namespace gatehouse::kubernetes_objects
