#include "app/widgets/DataTable.h"

#include "app/widgets/EmptyState.h"
#include "app/widgets/RowDelegate.h"

#include <QHeaderView>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QLineEdit>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace gatehouse::widgets {

DataTable::DataTable(item_models::RowModel& model, const QString& accessibleName, EmptyState* empty, QWidget* parent)
    : QWidget(parent),
      m_model(model),
      m_filter(model),
      m_view(new QTableView(this)),
      m_stack(new QStackedWidget(this)),
      m_empty(empty),
      m_noMatch(new EmptyState(QStringLiteral("search"), this)),
      m_waiting(new EmptyState(QStringLiteral("refresh"), this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_noMatch);
    m_stack->addWidget(m_waiting);
    m_waiting->setText(tr("Not known yet"),
                       tr("The agent has not answered so far; this fills in by itself when it does."));
    m_noMatch->setText(tr("Nothing matches"),
                       tr("No row holds all the words of the filter. Press Escape to clear it."));

    m_view->setModel(&m_filter);
    m_view->setAccessibleName(accessibleName);
    m_view->viewport()->installEventFilter(this);
    m_view->horizontalHeader()->setTextElideMode(Qt::ElideRight);
    m_view->setItemDelegate(new RowDelegate(m_view));
    m_view->setShowGrid(false);
    m_view->setMouseTracking(true);
    m_view->setWordWrap(false);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setTabKeyNavigation(false);
    m_view->verticalHeader()->hide();
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->horizontalHeader()->setStretchLastSection(false);
    m_view->horizontalHeader()->setMinimumSectionSize(48);
    m_view->setSortingEnabled(true);
    setRowHeight(38);
    setSort(0, Qt::AscendingOrder);

    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        if (!m_restoring) {
            m_currentId = now.data(item_models::RowIdRole).toString();
            emit currentChanged(m_currentId);
        }
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!m_restoring) {
            emit selectionChanged();
        }
    });
    connect(m_view, &QTableView::activated, this,
            [this](const QModelIndex& index) { emit activated(index.data(item_models::RowIdRole).toString()); });
    connect(&m_filter, &QAbstractItemModel::modelAboutToBeReset, this, [this] {
        m_restoring = true;
        m_kept = selectedIds();
    });
    connect(&m_filter, &QAbstractItemModel::modelReset, this, &DataTable::restoreSelection);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved}) {
        connect(&m_filter, signal, this, &DataTable::updateEmpty);
    }
    updateEmpty();
}

void DataTable::setRowHeight(int height) {
    m_view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_view->verticalHeader()->setDefaultSectionSize(height);
}

void DataTable::setLoaded(bool loaded) {
    m_loaded = loaded;
    updateEmpty();
}

void DataTable::setSort(int column, Qt::SortOrder order) {
    m_view->sortByColumn(column, order);
}

void DataTable::setMultiSelection(bool on) {
    m_view->setSelectionMode(on ? QAbstractItemView::ExtendedSelection : QAbstractItemView::SingleSelection);
}

QStringList DataTable::selectedIds() const {
    QStringList ids;
    for (const QModelIndex& index : m_view->selectionModel()->selectedRows()) {
        ids.append(index.data(item_models::RowIdRole).toString());
    }
    return ids;
}

void DataTable::select(const QString& id) {
    const int row = m_filter.rowOf(id);
    if (row >= 0) {
        m_view->setCurrentIndex(m_filter.index(row, 0));
        m_view->scrollTo(m_filter.index(row, 0));
    }
}

void DataTable::restoreSelection() {
    updateEmpty();
    QItemSelection selection;
    for (const QString& id : m_kept) {
        if (const int row = m_filter.rowOf(id); row >= 0) {
            selection.select(m_filter.index(row, 0), m_filter.index(row, m_filter.columnCount() - 1));
        }
    }
    const int current = m_filter.rowOf(m_currentId);
    if (current >= 0) {
        m_view->selectionModel()->setCurrentIndex(m_filter.index(current, 0), QItemSelectionModel::NoUpdate);
    }
    m_view->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    m_restoring = false;
}

void DataTable::updateEmpty() {
    const bool none = m_model.rowCount() == 0;
    QWidget* page = none                       ? static_cast<QWidget*>(m_loaded ? m_empty : m_waiting)
                    : m_filter.rowCount() == 0 ? m_noMatch
                                               : static_cast<QWidget*>(m_view);
    m_stack->setCurrentWidget(page);
}

void DataTable::layoutColumns() {
    int fixed = 0;
    int stretching = 0;
    const auto& columns = m_model.columns();
    for (const auto& column : columns) {
        (column.stretch ? stretching : fixed) += column.width;
    }
    const int space = std::max(0, m_view->viewport()->width() - fixed);
    for (int i = 0; i < columns.size(); ++i) {
        const int width = columns[i].stretch && stretching > 0
                              ? std::max(columns[i].width, space * columns[i].width / stretching)
                              : columns[i].width;
        m_view->setColumnWidth(i, width);
    }
}

void DataTable::setFilterField(QLineEdit* field) {
    m_field = field;
    field->installEventFilter(this);
    connect(field, &QLineEdit::textChanged, this, [this](const QString& text) { m_filter.setFilter(text); });
}

bool DataTable::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_view->viewport() && event->type() == QEvent::Resize) {
        layoutColumns();
    }
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape) {
            m_field->clear();
            return true;
        }
        if (key == Qt::Key_Down) {
            m_view->setFocus();
            if (!m_view->currentIndex().isValid() && m_filter.rowCount() > 0) {
                m_view->setCurrentIndex(m_filter.index(0, 0));
            }
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace gatehouse::widgets
