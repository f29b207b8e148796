#pragma once

#include "core/object_store/KnownKinds.h"
#include "core/result/Result.h"

namespace gatehouse::admin_api {

inline constexpr const char* RedactedAnnotation = "gatehouse.dev/redacted";

/// The object as a caller may see it: a Secret loses `data` and `stringData`, the copy of them that `kubectl apply`
/// keeps in an annotation, and gets the annotation gatehouse.dev/redacted. Everything else passes as it is.
[[nodiscard]] Object redacted(Object object);

/// Whether objects of this kind and name may be written here: key Secrets are the agent's own, ConfigMaps and
/// namespaces are read-only. A name may be empty (create with generateName).
[[nodiscard]] Result<void> mayWrite(const ResourceType& type, const std::string& name);

/// Whether a JSON patch may be applied to a kind that is write-only: `copy` and `move` would carry a value to a place
/// that is read back, `test` would tell whether a guess is right.
[[nodiscard]] Result<void> mayPatch(const ResourceType& type, const json::Value& jsonPatch);

/// A redacted Secret that is written back would destroy the real one: refused.
[[nodiscard]] Result<void> isWhole(const Object& object);

} // namespace gatehouse::admin_api
