#pragma once

class QTableView;

namespace gatehouse::pages {

/// Gives a plain table view the look of our tables, with cells that can be chosen one by one.
void setUpGrid(QTableView& view);

} // namespace gatehouse::pages
