#pragma once

#include "core/json/Json.h"
#include "core/result/Result.h"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

/// A kind of object and how the API serves it, for example {"llm.nebari.dev", "v1alpha1", "LLMModel", "llmmodels"}.
struct ResourceType {
    std::string group; ///< "" for the core group
    std::string version;
    std::string kind;
    std::string plural;
    bool namespaced = true;

    [[nodiscard]] std::string apiVersion() const { return group.empty() ? version : group + "/" + version; }

    /// "llmmodels.llm.nebari.dev", or "secrets" for the core group; the name used in messages.
    [[nodiscard]] std::string resourceName() const { return group.empty() ? plural : plural + "." + group; }

    auto operator<=>(const ResourceType&) const = default;
};

/// Where an object is. The namespace is empty for cluster-scoped kinds.
struct ObjectKey {
    ResourceType type;
    std::string nameSpace;
    std::string name;

    /// "LLMModel default/chat", for messages.
    [[nodiscard]] std::string describe() const;
    auto operator<=>(const ObjectKey&) const = default;
};

/// A Kubernetes-shaped object: apiVersion, kind, metadata, and what its kind adds. A value; copying copies everything.
class Object {
public:
    Object() = default;

    explicit Object(json::Object content) : m_content(std::move(content)) {}

    /// Fails unless apiVersion, kind and metadata.name (or generateName) are there and of the right type.
    [[nodiscard]] static Result<Object> from(json::Value value);

    [[nodiscard]] const json::Object& content() const { return m_content; }

    [[nodiscard]] json::Object& content() { return m_content; }

    [[nodiscard]] json::Value value() const { return m_content; }

    [[nodiscard]] std::string apiVersion() const { return topText("apiVersion"); }

    [[nodiscard]] std::string kind() const { return topText("kind"); }

    [[nodiscard]] std::string name() const { return metaText("name"); }

    [[nodiscard]] std::string nameSpace() const { return metaText("namespace"); }

    [[nodiscard]] std::string uid() const { return metaText("uid"); }

    [[nodiscard]] std::string resourceVersion() const { return metaText("resourceVersion"); }

    [[nodiscard]] std::int64_t generation() const;

    [[nodiscard]] bool isBeingDeleted() const { return !metaText("deletionTimestamp").empty(); }

    [[nodiscard]] std::map<std::string, std::string> labels() const { return metaMap("labels"); }

    [[nodiscard]] std::map<std::string, std::string> annotations() const { return metaMap("annotations"); }

    [[nodiscard]] std::string label(std::string_view key) const;
    [[nodiscard]] std::string annotation(std::string_view key) const;
    [[nodiscard]] std::vector<std::string> finalizers() const;

    /// The metadata object, created when missing.
    [[nodiscard]] json::Object& metadata() { return json::objectAt(m_content, "metadata"); }

    /// Value at a dotted path from the top ("spec.model.name"), or null.
    [[nodiscard]] const json::Value* at(std::string_view path) const;
    [[nodiscard]] std::string text(std::string_view path, std::string_view fallback = {}) const;

private:
    [[nodiscard]] std::string topText(std::string_view name) const;
    [[nodiscard]] std::string metaText(std::string_view name) const;
    [[nodiscard]] std::map<std::string, std::string> metaMap(std::string_view name) const;
    json::Object m_content;
};

/// "group/version" taken apart; a bare "v1" has the empty group.
struct GroupVersion {
    std::string group;
    std::string version;
};

[[nodiscard]] GroupVersion groupVersionOf(std::string_view apiVersion);

} // namespace gatehouse
