#pragma once

#include "core/local_store/FieldSet.h"
#include "core/object_store/Object.h"

#include <string>

/// Who owns which field (metadata.managedFields). Pure.
namespace gatehouse::local_store {

struct Manager {
    std::string name;
    std::string subresource; ///< "" or "status"
    std::string now;         ///< RFC 3339
};

/// After a create, update or patch: what changed belongs to `manager` alone, what went belongs to nobody.
/// `before` is empty for a create. Replaces managedFields of `after`.
void trackUpdate(const Object& before, Object& after, const Manager& manager);

/// Server-side apply on `live` (empty: it does not exist yet): lays `applied` over it, takes away what this manager
/// applied before and leaves out now, and notes the new owners. Conflict names fields and managers unless `force`.
[[nodiscard]] Result<Object> applyFields(const Object& live, const Object& applied, const Manager& manager, bool force);

/// Equal but for the times in managedFields.
[[nodiscard]] bool sameContent(const Object& a, const Object& b);

} // namespace gatehouse::local_store
