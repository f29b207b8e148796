#pragma once

#include "app/item_models/RowModel.h"

#include <QAbstractProxyModel>
#include <QStringList>

namespace gatehouse::item_models {

/// Filters and sorts a RowModel as the user types.
///
/// Every word of the filter must stand somewhere in the row, case ignored. A filter that extends the last one looks
/// only at the rows still shown. Typing resets the model (views restore their selection by row id); changes of the
/// source are passed on row by row. QSortFilterProxyModel is not used because it needs seconds a keystroke at 100,000
/// rows.
class FilterModel : public QAbstractProxyModel {
    Q_OBJECT
public:
    explicit FilterModel(RowModel& source, QObject* parent = nullptr);

    void setFilter(const QString& text);

    [[nodiscard]] const QString& filter() const { return m_filter; }

    void sort(int column, Qt::SortOrder order) override;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;

    [[nodiscard]] QModelIndex parent(const QModelIndex&) const override { return {}; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex mapToSource(const QModelIndex& proxy) const override;
    [[nodiscard]] QModelIndex mapFromSource(const QModelIndex& source) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] int rowOf(const QString& id) const; ///< −1 if it is not shown

private:
    [[nodiscard]] bool accepts(int sourceRow) const;
    [[nodiscard]] bool before(int left, int right) const;
    void rebuild();
    void sortRows(QList<int>& rows) const;
    void renumber();
    void show(int sourceRow);
    void hide(int sourceRow);
    void sourceInserted(int first, int last);
    void sourceAboutToRemove(int first, int last);
    void sourceRemoved(int first, int last);
    void sourceChanged(const QModelIndex& topLeft, const QModelIndex& bottomRight, const QList<int>& roles);

    RowModel& m_source;
    QString m_filter;
    QStringList m_words;
    int m_sortColumn = -1;
    Qt::SortOrder m_order = Qt::AscendingOrder;
    QList<int> m_rows;      ///< shown source rows, in the order shown
    QList<int> m_positions; ///< source row → shown row, −1 if hidden
};

} // namespace gatehouse::item_models
