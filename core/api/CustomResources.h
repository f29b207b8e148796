#pragma once

#include "core/api/Schema.h"
#include "core/object_store/Object.h"

#include <span>
#include <string>
#include <vector>

namespace gatehouse::api {

/// A column of `kubectl get` and of the API's Table form.
struct PrinterColumn {
    std::string name;
    std::string type;     ///< string, integer, date, …
    std::string jsonPath; ///< as in the CRD: ".status.phase"
    std::string description;
};

/// One of our kinds, as its file in resources/crds/ says.
struct CustomResource {
    ResourceType type;
    std::string singular;
    std::vector<std::string> shortNames;
    bool hasStatus = false;
    std::vector<PrinterColumn> columns;
    json::Value definition; ///< the whole CustomResourceDefinition
    Schema schema;          ///< of the served version; `schema.source()` is its openAPIV3Schema
};

/// All kinds of llm.nebari.dev and gatehouse.dev, sorted by group and kind. Read once from the program's resources;
/// thread-safe.
[[nodiscard]] std::span<const CustomResource> customResources();
[[nodiscard]] const CustomResource* findCustomResource(const ResourceType& type);
/// Null for kinds that are not ours (Secret, ConfigMap, Namespace).
[[nodiscard]] const Schema* schemaOf(const ResourceType& type);

} // namespace gatehouse::api
