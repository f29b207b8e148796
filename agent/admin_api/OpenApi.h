#pragma once

#include "core/json/Json.h"

#include <optional>
#include <string>

namespace gatehouse::admin_api {

/// /openapi/v3: where the document of each group version is.
[[nodiscard]] json::Object openApiIndex();

/// The OpenAPI 3.0 document of "apis/gatehouse.dev/v1alpha1", "api/v1" …: schemas of the CRDs, and for each path the
/// operations with their parameters; kubectl reads from it that fields are validated here. No value for other paths.
[[nodiscard]] std::optional<json::Object> openApiDocument(const std::string& groupPath);

} // namespace gatehouse::admin_api
