#include "app/widgets/RowDelegate.h"

#include "app/item_models/RowModel.h"
#include "app/theme/Theme.h"
#include "app/widgets/StatusBadge.h"

#include <QPainter>

namespace gatehouse::widgets {

void RowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const theme::Theme& theme = theme::Theme::instance();
    const theme::Colors& colors = theme.colors();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
    painter->save();
    painter->fillRect(option.rect, selected ? colors.selection : hovered ? colors.hover : colors.surface);
    painter->setPen(colors.border);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    if (selected && index.column() == 0) {
        painter->fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()), colors.accent);
    }
    QRect area = option.rect.adjusted(12, 0, -12, -1);
    const QString text = index.data(Qt::DisplayRole).toString();
    const auto tone = static_cast<theme::Tone>(index.data(item_models::ToneRole).toInt());
    const auto alignment = Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt());
    if (tone != theme::Tone::None) {
        paintBadge(*painter, area, text, tone, alignment.testFlag(Qt::AlignRight));
        painter->restore();
        return;
    }
    const QString second = index.data(item_models::SecondLineRole).toString();
    QFont font = index.data(item_models::MonoRole).toBool() ? theme.mono() : option.font;
    if (index.column() == 0) {
        font.setWeight(QFont::Medium);
    }
    painter->setFont(font);
    painter->setPen(index.data(item_models::MutedRole).toBool() ? colors.muted : colors.text);
    if (!second.isEmpty()) {
        const QRect upper(area.left(), area.top() + 5, area.width(), area.height() / 2 - 4);
        painter->drawText(upper, alignment, painter->fontMetrics().elidedText(text, Qt::ElideRight, upper.width()));
        area.setTop(area.top() + area.height() / 2 - 1);
        painter->setFont(theme.small());
        painter->setPen(colors.muted);
        painter->drawText(area, alignment, painter->fontMetrics().elidedText(second, Qt::ElideRight, area.width()));
    } else {
        painter->drawText(area, alignment, painter->fontMetrics().elidedText(text, Qt::ElideRight, area.width()));
    }
    painter->restore();
}

} // namespace gatehouse::widgets
