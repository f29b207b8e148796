#pragma once

#include "app/item_models/Row.h"

#include <QAbstractTableModel>
#include <QHash>

namespace gatehouse::item_models {

enum Role {
    RowIdRole = Qt::UserRole + 1,
    ToneRole,   ///< int of theme::Tone
    SortRole,   ///< number or text
    SearchRole, ///< column 0: all the row's text in lower case
    MonoRole,
    MutedRole,
    SecondLineRole,
};

/// A table of rows with ids. Pages give it columns and feed it rows; it tells views exactly what changed, so that
/// scrolling and selection survive every update. GUI thread.
class RowModel : public QAbstractTableModel {
    Q_OBJECT
public:
    RowModel(QList<Column> columns, const Clock& clock, QObject* parent = nullptr);

    /// Makes the rows of `group` exactly these; rows of other groups stay. Ids are unique over all groups.
    void replace(const QString& group, const QList<Row>& rows);
    void upsert(const QString& group, const Row& row);
    void remove(const QString& id);
    /// Ages are shown, not stored: call it now and then.
    void refreshAges();

    [[nodiscard]] const QList<Column>& columns() const { return m_columns; }

    [[nodiscard]] const Row* row(const QString& id) const;

    [[nodiscard]] const Row& at(int index) const { return m_rows[index].row; }

    [[nodiscard]] int indexOf(const QString& id) const { return m_positions.value(id, -1); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Entry {
        Row row;
        QString group;
        QString search;
    };

    [[nodiscard]] Entry entry(const QString& group, const Row& row) const;
    void renumber(int from);
    void update(int position, Entry entry);
    void append(QList<Entry> entries);

    QList<Column> m_columns;
    const Clock& m_clock;
    QList<Entry> m_rows;
    QHash<QString, int> m_positions;
};

} // namespace gatehouse::item_models
