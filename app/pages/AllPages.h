#pragma once

#include "app/pages/Page.h"

namespace gatehouse::pages {

/// The pages in the order of the sidebar and of Ctrl+1 … Ctrl+9.
[[nodiscard]] QList<PageEntry> allPages();

} // namespace gatehouse::pages
