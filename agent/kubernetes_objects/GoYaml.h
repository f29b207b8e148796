#pragma once

#include "core/json/Json.h"

#include <string>

namespace gatehouse::kubernetes_objects {

/// The value as Go's sigs.k8s.io/yaml writes it: members sorted its way, lists not indented, its quoting. For YAML that
/// stands as text inside an object and must be the same bytes as an existing installation's.
[[nodiscard]] std::string goYaml(const json::Value& value);

} // namespace gatehouse::kubernetes_objects
