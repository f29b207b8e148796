#include "app/pages/endpoints/GridView.h"

#include "app/widgets/RowDelegate.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QTableView>

namespace gatehouse::pages {

void setUpGrid(QTableView& view) {
    view.setAccessibleName(QCoreApplication::translate("GridView", "Verdicts by endpoint and check"));
    view.setItemDelegate(new widgets::RowDelegate(&view));
    view.setShowGrid(false);
    view.setFrameShape(QFrame::NoFrame);
    view.setSelectionMode(QAbstractItemView::SingleSelection);
    view.setSelectionBehavior(QAbstractItemView::SelectItems);
    view.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view.setTabKeyNavigation(false);
    view.verticalHeader()->hide();
    view.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view.verticalHeader()->setDefaultSectionSize(46);
    view.horizontalHeader()->setHighlightSections(false);
}

} // namespace gatehouse::pages
