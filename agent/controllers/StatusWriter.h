#pragma once

#include "core/object_store/ObjectStore.h"

namespace gatehouse::controllers {

/// Replaces the whole status of an object; an object that is gone meanwhile is no error.
[[nodiscard]] Result<void> writeStatus(ObjectStore& store, const ObjectKey& key, const json::Object& status);

} // namespace gatehouse::controllers
