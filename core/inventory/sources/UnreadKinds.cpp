#include "core/inventory/sources/UnreadKinds.h"

#include "core/object_store/KnownKinds.h"

#include <algorithm>
#include <array>
#include <map>

namespace gatehouse::inventory {
namespace {

/// Words in the kind of what opens, guards or serves a way to a model: Gateway API, AI Gateway, KServe, Istio, Traefik,
/// OpenShift, Knative, Kuadrant, Ray and whatever comes with such a name.
constexpr std::array Words{
    "Route",   "Gateway",      "Ingress",       "VirtualService",       "InferenceService", "InferencePool",
    "Proxy",   "Policy",       "RayService",    "ServingRuntime",       "NimService",       "NIMService",
    "Backend", "ServiceEntry", "Authorization", "RequestAuthentication"};

/// Kinds with such a word that open nothing.
constexpr std::array Harmless{
    "PodSecurityPolicy", "GatewayClass",     "IngressClass", "ValidatingAdmissionPolicy",
    "EvidencePolicy",    "DisruptionPolicy", "OpenRoute",    "ValidatingAdmissionPolicyBinding"};

bool isOpenService(const Object& object) {
    const std::string type = object.text("spec.type");
    return object.apiVersion() == "v1" && object.kind() == "Service" && (type == "LoadBalancer" || type == "NodePort");
}

bool isKnativeService(const Object& object) {
    return object.kind() == "Service" && object.apiVersion().starts_with("serving.knative.dev/");
}

bool isKubeAiModel(const Object& object) {
    return object.kind() == "Model" && object.apiVersion().starts_with("kubeai.");
}

bool opensAWay(const Object& object) {
    const std::string kind = object.kind();
    if (std::find(Harmless.begin(), Harmless.end(), kind) != Harmless.end()) {
        return false;
    }
    return isOpenService(object) || isKubeAiModel(object) || isKnativeService(object) ||
           std::any_of(Words.begin(), Words.end(), [&](const char* word) { return kind.find(word) != kind.npos; });
}

/// "httproutes.gateway.networking.k8s.io"; the plural is guessed as Kubernetes' own generator does.
std::string resourceNameOf(const Object& object) {
    std::string plural = object.kind();
    std::transform(plural.begin(), plural.end(), plural.begin(), [](unsigned char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : static_cast<char>(c);
    });
    if (plural.ends_with("y") && plural.size() > 1 &&
        std::string_view("aeiou").find(plural[plural.size() - 2]) == std::string_view::npos) {
        plural.replace(plural.size() - 1, 1, "ies");
    } else if (plural.ends_with("s") || plural.ends_with("x") || plural.ends_with("ch")) {
        plural += "es";
    } else {
        plural += "s";
    }
    const std::string group = groupVersionOf(object.apiVersion()).group;
    return group.empty() ? plural : plural + "." + group;
}

} // namespace

SourceResult UnreadKinds::collect(const Snapshot& snapshot) const {
    std::map<std::string, std::size_t> counts;
    for (const Object& object : snapshot.objects) {
        if (opensAWay(object)) {
            ++counts[resourceNameOf(object)];
        }
    }
    SourceResult result;
    for (const auto& [resource, count] : counts) {
        result.notInspected.push_back({resource, std::to_string(count) + (count == 1 ? " object" : " objects") +
                                                     " in the input; this version does not read this kind"});
    }
    return result;
}

} // namespace gatehouse::inventory
