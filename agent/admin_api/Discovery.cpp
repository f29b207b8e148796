#include "agent/admin_api/Discovery.h"

#include <set>

namespace gatehouse::admin_api {
namespace {

json::Array verbsOf(const KnownKind& kind) {
    if (kind.type == kinds::Namespace) {
        return {"get", "list"};
    }
    if (kind.type == kinds::ConfigMap) {
        return {"get", "list", "watch"};
    }
    if (kind.type == kinds::ApiKey) {
        return {"create", "delete", "get", "list", "watch"};
    }
    return {"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"};
}

json::Object groupVersion(const std::string& group, const std::string& version) {
    return {{"groupVersion", group + "/" + version}, {"version", version}};
}

json::Object groupDocument(const std::string& group, const std::set<std::string>& versions) {
    json::Array all;
    for (const auto& version : versions) {
        all.push_back(groupVersion(group, version));
    }
    return {{"kind", "APIGroup"},
            {"apiVersion", "v1"},
            {"name", group},
            {"versions", std::move(all)},
            {"preferredVersion", groupVersion(group, *versions.begin())}};
}

std::map<std::string, std::set<std::string>> groups() {
    std::map<std::string, std::set<std::string>> all;
    for (const auto& kind : knownKinds()) {
        if (!kind.type.group.empty()) {
            all[kind.type.group].insert(kind.type.version);
        }
    }
    return all;
}

std::optional<json::Value> resourceList(const std::string& group, const std::string& version) {
    json::Array resources;
    for (const auto& kind : knownKinds()) {
        if (kind.type.group != group || kind.type.version != version) {
            continue;
        }
        json::Array shortNames(kind.shortNames.begin(), kind.shortNames.end());
        resources.push_back(json::Object{{"name", kind.type.plural},
                                         {"singularName", kind.singular},
                                         {"namespaced", kind.type.namespaced},
                                         {"kind", kind.type.kind},
                                         {"verbs", verbsOf(kind)},
                                         {"shortNames", std::move(shortNames)},
                                         {"categories", json::Array{"gatehouse"}}});
        if (kind.hasStatus && !kind.isVirtual) {
            resources.push_back(json::Object{{"name", kind.type.plural + "/status"},
                                             {"singularName", ""},
                                             {"namespaced", kind.type.namespaced},
                                             {"kind", kind.type.kind},
                                             {"verbs", json::Array{"get", "patch", "update"}}});
        }
    }
    if (resources.empty()) {
        return std::nullopt;
    }
    return json::Object{{"kind", "APIResourceList"},
                        {"apiVersion", "v1"},
                        {"groupVersion", group.empty() ? version : group + "/" + version},
                        {"resources", std::move(resources)}};
}

json::Value versionDocument() {
    // kubectl compares major and minor with its own and only warns; ours are those of the Kubernetes API we follow.
    return json::Object{{"major", "1"},
                        {"minor", "32"},
                        {"gitVersion", std::string("v1.32.0+gatehouse-") + GATEHOUSE_VERSION},
                        {"gatehouseVersion", GATEHOUSE_VERSION},
                        {"platform", "linux/amd64"}};
}

} // namespace

std::optional<json::Value> discovery(const Route& route) {
    const auto& path = route.segments;
    if (path.size() == 1 && path[0] == "version") {
        return versionDocument();
    }
    if (path.size() == 1 && path[0] == "api") {
        return json::Object{{"kind", "APIVersions"},
                            {"apiVersion", "v1"},
                            {"versions", json::Array{"v1"}},
                            {"serverAddressByClientCIDRs", json::Array{}}};
    }
    if (path.size() == 1 && path[0] == "apis") {
        json::Array all;
        for (const auto& [group, versions] : groups()) {
            json::Object document = groupDocument(group, versions);
            document.erase("kind");
            document.erase("apiVersion");
            all.push_back(std::move(document));
        }
        return json::Object{{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", std::move(all)}};
    }
    if (path.size() == 2 && path[0] == "api") {
        return resourceList("", path[1]);
    }
    if (path.size() == 2 && path[0] == "apis") {
        const auto all = groups();
        const auto found = all.find(path[1]);
        return found == all.end() ? std::nullopt
                                  : std::optional<json::Value>(groupDocument(found->first, found->second));
    }
    if (path.size() == 3 && path[0] == "apis") {
        return resourceList(path[1], path[2]);
    }
    return std::nullopt;
}

} // namespace gatehouse::admin_api
