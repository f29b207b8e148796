#pragma once

#include "core/object_store/Object.h"
#include "core/time/Clock.h"

#include <span>
#include <string>

namespace gatehouse::admin_api {

/// How much of each object a row carries, as `includeObject` asks.
enum class RowObject { None, Metadata, Whole };

/// The Table form (meta.k8s.io/v1) that `kubectl get` prints: Name, the CRD's printer columns, Age. Pure.
[[nodiscard]] json::Object toTable(const ResourceType& type, std::span<const Object> objects, TimePoint now,
                                   RowObject rowObject, bool withColumns = true);

/// "5m", "3h12m", "7d", "2y40d": the short form of ages in kubectl.
[[nodiscard]] std::string shortAge(std::chrono::seconds age);

/// The value at a CRD column's JSONPath (".status.phase", ".spec.list[0].name", ".metadata.annotations.a\.b/c"), or
/// null.
[[nodiscard]] const json::Value* atJsonPath(const json::Object& object, std::string_view path);

} // namespace gatehouse::admin_api
