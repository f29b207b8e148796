#include "app/item_models/RowModel.h"

#include "app/formatting/Text.h"

#include <QSet>

namespace gatehouse::item_models {
namespace {

// Beyond this many removals at once a reset is cheaper than telling views about each.
constexpr int ManyRemovals = 64;

QVariant sortValue(const Cell& cell) {
    if (cell.sortBy.isValid()) {
        return cell.sortBy;
    }
    if (cell.time) {
        return static_cast<qint64>(-cell.time->time_since_epoch().count());
    }
    return cell.text;
}

} // namespace

RowModel::RowModel(QList<Column> columns, const Clock& clock, QObject* parent)
    : QAbstractTableModel(parent),
      m_columns(std::move(columns)),
      m_clock(clock) {}

RowModel::Entry RowModel::entry(const QString& group, const Row& row) const {
    Entry made{row, group, {}};
    made.row.cells.resize(m_columns.size());
    for (const Cell& cell : made.row.cells) {
        made.search += cell.text.toLower() + QLatin1Char('\n') + cell.second.toLower() + QLatin1Char('\n');
    }
    return made;
}

void RowModel::renumber(int from) {
    for (int i = from; i < m_rows.size(); ++i) {
        m_positions[m_rows[i].row.id] = i;
    }
}

void RowModel::update(int position, Entry entry) {
    Entry& old = m_rows[position];
    const bool same = old.row.cells == entry.row.cells;
    old = std::move(entry);
    if (!same) {
        emit dataChanged(index(position, 0), index(position, columnCount() - 1));
    }
}

void RowModel::append(QList<Entry> entries) {
    if (entries.isEmpty()) {
        return;
    }
    const int first = static_cast<int>(m_rows.size());
    beginInsertRows({}, first, first + static_cast<int>(entries.size()) - 1);
    m_rows.append(std::move(entries));
    renumber(first);
    endInsertRows();
}

void RowModel::replace(const QString& group, const QList<Row>& rows) {
    QSet<QString> wanted;
    for (const Row& row : rows) {
        wanted.insert(row.id);
    }
    QList<int> gone;
    for (int i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i].group == group && !wanted.contains(m_rows[i].row.id)) {
            gone.append(i);
        }
    }
    if (gone.size() > ManyRemovals) {
        beginResetModel();
        m_rows.removeIf([&](const Entry& e) { return e.group == group && !wanted.contains(e.row.id); });
        m_positions.clear();
        renumber(0);
        endResetModel();
    } else {
        for (auto it = gone.crbegin(); it != gone.crend(); ++it) {
            remove(m_rows[*it].row.id);
        }
    }
    QList<Entry> fresh;
    QSet<QString> seen;
    for (const Row& row : rows) {
        if (seen.contains(row.id)) {
            continue;
        }
        seen.insert(row.id);
        if (const int position = indexOf(row.id); position >= 0) {
            update(position, entry(group, row));
        } else {
            fresh.append(entry(group, row));
        }
    }
    append(std::move(fresh));
}

void RowModel::upsert(const QString& group, const Row& row) {
    if (const int position = indexOf(row.id); position >= 0) {
        update(position, entry(group, row));
    } else {
        append({entry(group, row)});
    }
}

void RowModel::remove(const QString& id) {
    const int position = indexOf(id);
    if (position < 0) {
        return;
    }
    beginRemoveRows({}, position, position);
    m_rows.removeAt(position);
    m_positions.remove(id);
    renumber(position);
    endRemoveRows();
}

void RowModel::refreshAges() {
    for (int column = 0; column < m_columns.size(); ++column) {
        bool aged = false;
        for (const Entry& e : m_rows) {
            aged = aged || e.row.cells[column].time.has_value();
        }
        if (aged) {
            emit dataChanged(index(0, column), index(static_cast<int>(m_rows.size()) - 1, column), {Qt::DisplayRole});
        }
    }
}

const Row* RowModel::row(const QString& id) const {
    const int position = indexOf(id);
    return position < 0 ? nullptr : &m_rows[position].row;
}

int RowModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RowModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant RowModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= m_rows.size() || index.column() >= m_columns.size()) {
        return {};
    }
    const Entry& e = m_rows[index.row()];
    const Cell& cell = e.row.cells[index.column()];
    switch (role) {
    case Qt::DisplayRole:
        return cell.time ? formatting::age(*cell.time, m_clock.now()) : cell.text;
    case Qt::ToolTipRole:
        return !cell.toolTip.isEmpty() ? cell.toolTip : cell.time ? formatting::dateTime(*cell.time) : QString();
    case Qt::TextAlignmentRole:
        return static_cast<int>((m_columns[index.column()].rightAligned ? Qt::AlignRight : Qt::AlignLeft) |
                                Qt::AlignVCenter);
    case Qt::AccessibleTextRole:
        return m_columns[index.column()].title + QStringLiteral(": ") + data(index, Qt::DisplayRole).toString();
    case RowIdRole:
        return e.row.id;
    case ToneRole:
        return static_cast<int>(cell.tone);
    case SortRole:
        return sortValue(cell);
    case SearchRole:
        return e.search;
    case MonoRole:
        return cell.mono;
    case MutedRole:
        return cell.muted;
    case SecondLineRole:
        return cell.second;
    default:
        return {};
    }
}

QVariant RowModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= m_columns.size()) {
        return {};
    }
    if (role == Qt::DisplayRole) {
        return m_columns[section].title;
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>((m_columns[section].rightAligned ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    return {};
}

} // namespace gatehouse::item_models
