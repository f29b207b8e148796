#pragma once

#include <QStyledItemDelegate>

namespace gatehouse::widgets {

/// Draws the cells of a RowModel: badges, ages, monospaced ids, second lines.
class RowDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace gatehouse::widgets
