#include "app/item_models/FilterModel.h"

#include <algorithm>

namespace gatehouse::item_models {
namespace {

int compareValues(const QVariant& left, const QVariant& right) {
    const bool leftIsText = left.typeId() == QMetaType::QString;
    const bool rightIsText = right.typeId() == QMetaType::QString;
    if (leftIsText != rightIsText) {
        return leftIsText ? 1 : -1;
    }
    if (leftIsText) {
        return QString::compare(left.toString(), right.toString(), Qt::CaseInsensitive);
    }
    const double a = left.toDouble();
    const double b = right.toDouble();
    return a < b ? -1 : a > b ? 1 : 0;
}

} // namespace

FilterModel::FilterModel(RowModel& source, QObject* parent) : QAbstractProxyModel(parent), m_source(source) {
    setSourceModel(&source);
    connect(&source, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) { sourceInserted(first, last); });
    connect(&source, &QAbstractItemModel::rowsAboutToBeRemoved, this,
            [this](const QModelIndex&, int first, int last) { sourceAboutToRemove(first, last); });
    connect(&source, &QAbstractItemModel::rowsRemoved, this,
            [this](const QModelIndex&, int first, int last) { sourceRemoved(first, last); });
    connect(&source, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(&source, &QAbstractItemModel::modelReset, this, [this] {
        rebuild();
        endResetModel();
    });
    connect(
        &source, &QAbstractItemModel::dataChanged, this,
        [this](const QModelIndex& a, const QModelIndex& b, const QList<int>& roles) { sourceChanged(a, b, roles); });
    rebuild();
}

bool FilterModel::accepts(int sourceRow) const {
    if (m_words.isEmpty()) {
        return true;
    }
    const QString text = m_source.data(m_source.index(sourceRow, 0), SearchRole).toString();
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString& word) { return text.contains(word); });
}

bool FilterModel::before(int left, int right) const {
    if (m_sortColumn >= 0) {
        const int order = compareValues(m_source.data(m_source.index(left, m_sortColumn), SortRole),
                                        m_source.data(m_source.index(right, m_sortColumn), SortRole));
        if (order != 0) {
            return m_order == Qt::AscendingOrder ? order < 0 : order > 0;
        }
    }
    return left < right;
}

void FilterModel::sortRows(QList<int>& rows) const {
    if (m_sortColumn < 0) {
        std::sort(rows.begin(), rows.end());
        return;
    }
    QList<QPair<QVariant, int>> keyed;
    keyed.reserve(rows.size());
    for (const int row : rows) {
        keyed.append({m_source.data(m_source.index(row, m_sortColumn), SortRole), row});
    }
    std::sort(keyed.begin(), keyed.end(), [this](const auto& a, const auto& b) {
        const int order = compareValues(a.first, b.first);
        return order != 0 ? (m_order == Qt::AscendingOrder ? order < 0 : order > 0) : a.second < b.second;
    });
    for (int i = 0; i < rows.size(); ++i) {
        rows[i] = keyed[i].second;
    }
}

void FilterModel::renumber() {
    m_positions.fill(-1, m_source.rowCount());
    for (int i = 0; i < m_rows.size(); ++i) {
        m_positions[m_rows[i]] = i;
    }
}

void FilterModel::rebuild() {
    m_rows.clear();
    for (int row = 0; row < m_source.rowCount(); ++row) {
        if (accepts(row)) {
            m_rows.append(row);
        }
    }
    sortRows(m_rows);
    renumber();
}

void FilterModel::setFilter(const QString& text) {
    const QString folded = text.simplified().toLower();
    if (folded == m_filter) {
        return;
    }
    const bool narrower = !m_filter.isEmpty() && folded.startsWith(m_filter);
    beginResetModel();
    m_filter = folded;
    m_words = folded.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (narrower) {
        m_rows.removeIf([this](int row) { return !accepts(row); });
        renumber();
    } else {
        rebuild();
    }
    endResetModel();
}

void FilterModel::sort(int column, Qt::SortOrder order) {
    emit layoutAboutToBeChanged();
    const QModelIndexList old = persistentIndexList();
    QList<int> sourceRows;
    for (const QModelIndex& index : old) {
        sourceRows.append(m_rows.value(index.row(), -1));
    }
    m_sortColumn = column;
    m_order = order;
    sortRows(m_rows);
    renumber();
    for (int i = 0; i < old.size(); ++i) {
        const int position = sourceRows[i] < 0 ? -1 : m_positions[sourceRows[i]];
        changePersistentIndex(old[i], position < 0 ? QModelIndex() : createIndex(position, old[i].column()));
    }
    emit layoutChanged();
}

void FilterModel::show(int sourceRow) {
    const auto place =
        std::lower_bound(m_rows.begin(), m_rows.end(), sourceRow, [this](int a, int b) { return before(a, b); });
    const int position = static_cast<int>(place - m_rows.begin());
    beginInsertRows({}, position, position);
    m_rows.insert(position, sourceRow);
    renumber();
    endInsertRows();
}

void FilterModel::hide(int sourceRow) {
    const int position = m_positions.value(sourceRow, -1);
    if (position < 0) {
        return;
    }
    beginRemoveRows({}, position, position);
    m_rows.removeAt(position);
    renumber();
    endRemoveRows();
}

void FilterModel::sourceInserted(int first, int last) {
    const int count = last - first + 1;
    for (int& row : m_rows) {
        row += row >= first ? count : 0;
    }
    renumber();
    // One at a time keeps views exact; for a bulk load a reset is much cheaper.
    if (count > 32) {
        beginResetModel();
        rebuild();
        endResetModel();
        return;
    }
    for (int row = first; row <= last; ++row) {
        if (accepts(row)) {
            show(row);
        }
    }
}

void FilterModel::sourceAboutToRemove(int first, int last) {
    for (int row = first; row <= last; ++row) {
        hide(row);
    }
}

void FilterModel::sourceRemoved(int first, int last) {
    const int count = last - first + 1;
    for (int& row : m_rows) {
        row -= row > last ? count : 0;
    }
    renumber();
}

void FilterModel::sourceChanged(const QModelIndex& topLeft, const QModelIndex& bottomRight, const QList<int>& roles) {
    const bool onlyShown = roles.size() == 1 && roles.front() == Qt::DisplayRole;
    for (int row = topLeft.row(); row <= bottomRight.row(); ++row) {
        const int position = m_positions.value(row, -1);
        if (onlyShown) {
            if (position >= 0) {
                emit dataChanged(index(position, topLeft.column()), index(position, bottomRight.column()), roles);
            }
            continue;
        }
        const bool wanted = accepts(row);
        if (position < 0) {
            if (wanted) {
                show(row);
            }
            continue;
        }
        if (!wanted) {
            hide(row);
            continue;
        }
        const bool inPlace = (position == 0 || before(m_rows[position - 1], row)) &&
                             (position + 1 >= m_rows.size() || before(row, m_rows[position + 1]));
        if (inPlace) {
            emit dataChanged(index(position, topLeft.column()), index(position, bottomRight.column()), roles);
            continue;
        }
        QList<int> others = m_rows;
        others.removeAt(position);
        const auto place =
            std::lower_bound(others.begin(), others.end(), row, [this](int a, int b) { return before(a, b); });
        const int target = static_cast<int>(place - others.begin());
        beginMoveRows({}, position, position, {}, target > position ? target + 1 : target);
        others.insert(target, row);
        m_rows = others;
        renumber();
        endMoveRows();
        emit dataChanged(index(target, topLeft.column()), index(target, bottomRight.column()), roles);
    }
}

QModelIndex FilterModel::index(int row, int column, const QModelIndex& parent) const {
    if (parent.isValid() || row < 0 || row >= m_rows.size() || column < 0 || column >= columnCount()) {
        return {};
    }
    return createIndex(row, column);
}

int FilterModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int FilterModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_source.columnCount();
}

QModelIndex FilterModel::mapToSource(const QModelIndex& proxy) const {
    return proxy.isValid() && proxy.row() < m_rows.size() ? m_source.index(m_rows[proxy.row()], proxy.column())
                                                          : QModelIndex();
}

QModelIndex FilterModel::mapFromSource(const QModelIndex& source) const {
    const int position = source.isValid() ? m_positions.value(source.row(), -1) : -1;
    return position < 0 ? QModelIndex() : createIndex(position, source.column());
}

QVariant FilterModel::headerData(int section, Qt::Orientation orientation, int role) const {
    return m_source.headerData(section, orientation, role);
}

int FilterModel::rowOf(const QString& id) const {
    const int row = m_source.indexOf(id);
    return row < 0 ? -1 : m_positions.value(row, -1);
}

} // namespace gatehouse::item_models
