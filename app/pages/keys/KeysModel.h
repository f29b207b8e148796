#pragma once

#include "app/item_models/Row.h"
#include "core/object_store/Object.h"

namespace gatehouse::pages {

[[nodiscard]] QList<item_models::Column> keyColumns();
/// One ApiKey as a table row. Pure.
[[nodiscard]] item_models::Row keyRow(const Object& key, TimePoint now);

} // namespace gatehouse::pages
