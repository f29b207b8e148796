#include "core/inventory/sources/EndpointObjectSource.h"

#include "core/inventory/sources/ModelFacts.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>

namespace gatehouse::inventory {
namespace {

Reach reachNamed(const std::string& text) {
    return text == "external" ? Reach::External : text == "cluster" ? Reach::Cluster : Reach::Unknown;
}

std::optional<std::vector<std::string>> modelsIn(const Object& object) {
    const json::Value* list = object.at("spec.models");
    if (list == nullptr || !list->is_array()) {
        return std::nullopt;
    }
    std::vector<std::string> names;
    for (const json::Value& item : list->get_array()) {
        if (item.is_string()) {
            names.emplace_back(item.get_string());
        }
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

Endpoint endpointOf(const Object& object, const std::string& url) {
    Endpoint endpoint;
    endpoint.source = {object.apiVersion(), object.kind(), object.nameSpace(), object.name()};
    endpoint.url = url;
    endpoint.id = endpointId(endpoint.source, url);
    endpoint.models = modelsIn(object);
    endpoint.reach = reachNamed(object.text("spec.reach"));
    endpoint.engine = object.text("spec.engine");
    endpoint.engineNote = object.text("spec.note");
    endpoint.authentication.reason =
        "The endpoint was entered by hand; whether it asks for a key only a probe can tell.";
    if (json::flag(object.value(), "spec.tls.insecure")) {
        endpoint.findings.push_back({"tls-not-verified", "medium",
                                     "The certificate of " + url +
                                         " is not checked, so its probes may have talked to "
                                         "someone else."});
    }
    if (url.starts_with("http://") && !isLoopbackUrl(url)) {
        endpoint.findings.push_back(
            {"endpoint-plain-http", "high", "Keys, prompts and answers of " + url + " cross the network unencrypted."});
    }
    return endpoint;
}

} // namespace

SourceResult EndpointObjectSource::collect(const Snapshot& snapshot) const {
    SourceResult result;
    for (const Object& object : snapshot.objects) {
        if (object.apiVersion() != kinds::Endpoint.apiVersion() || object.kind() != kinds::Endpoint.kind ||
            object.isBeingDeleted()) {
            continue;
        }
        const std::string url = object.text("spec.url");
        if (url.starts_with("http://") || url.starts_with("https://")) {
            result.endpoints.push_back(endpointOf(object, url));
        } else {
            result.notInspected.push_back(
                {kinds::Endpoint.resourceName() + " " + object.nameSpace() + "/" + object.name(),
                 "its spec.url is no http or https URL"});
        }
    }
    return result;
}

} // namespace gatehouse::inventory
