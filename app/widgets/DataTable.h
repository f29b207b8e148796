#pragma once

#include "app/item_models/FilterModel.h"

#include <QWidget>

class QLineEdit;
class QStackedWidget;
class QTableView;

namespace gatehouse::widgets {

class EmptyState;

/// A filtered, sorted table of a RowModel with an empty state; selection follows row ids through every change.
class DataTable : public QWidget {
    Q_OBJECT
public:
    DataTable(item_models::RowModel& model, const QString& accessibleName, EmptyState* empty,
              QWidget* parent = nullptr);

    /// Filters by what is typed there; Escape clears it, Down goes to the table.
    void setFilterField(QLineEdit* field);
    void setSort(int column, Qt::SortOrder order);
    void setMultiSelection(bool on);
    void setRowHeight(int height);
    /// While false, an empty table says that nothing is known yet, instead of that there is nothing.
    void setLoaded(bool loaded);

    [[nodiscard]] QString currentId() const { return m_currentId; }

    [[nodiscard]] QStringList selectedIds() const;
    void select(const QString& id);

    [[nodiscard]] QTableView* view() const { return m_view; }

    [[nodiscard]] item_models::FilterModel& shown() { return m_filter; }

signals:
    void currentChanged(const QString& id); ///< empty when nothing is selected
    void selectionChanged();
    void activated(const QString& id);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void updateEmpty();
    void layoutColumns();
    void restoreSelection();

    item_models::RowModel& m_model;
    item_models::FilterModel m_filter;
    QTableView* m_view;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    EmptyState* m_noMatch;
    EmptyState* m_waiting;
    bool m_loaded = true;
    QLineEdit* m_field = nullptr;
    QString m_currentId;
    QStringList m_kept;
    bool m_restoring = false;
};

} // namespace gatehouse::widgets
