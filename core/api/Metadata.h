#pragma once

#include "core/api/Problems.h"
#include "core/object_store/Object.h"

namespace gatehouse::api {

/// Kubernetes' rules for metadata: name or generateName, namespace, labels, annotations, finalizers, ownerReferences.
/// Internal to core/api.
void checkMetadata(const Object& object, Problems& problems);
/// Members of metadata that Kubernetes does not know.
[[nodiscard]] std::vector<std::string> unknownMetadata(const Object& object);
void dropUnknownMetadata(Object& object);

/// Secret and ConfigMap: keys, base64, size at most 1 MiB, type; a Secret's stringData is folded into data.
void checkAndFoldData(Object& object, Problems& problems);

} // namespace gatehouse::api
