#include "app/widgets/StatusBadge.h"

#include "app/theme/Theme.h"

#include <QPainter>

namespace gatehouse::widgets {
namespace {

constexpr int BadgeHeight = 20;
constexpr int BadgePadding = 8;
constexpr int DotSize = 6;

QFont badgeFont() {
    QFont font = theme::Theme::instance().small();
    font.setWeight(QFont::Medium);
    return font;
}

int badgeWidth(const QString& text) {
    return QFontMetrics(badgeFont()).horizontalAdvance(text) + 2 * BadgePadding + DotSize + 6;
}

} // namespace

QRect paintBadge(QPainter& painter, const QRect& area, const QString& text, theme::Tone tone, bool right) {
    if (text.isEmpty()) {
        return {};
    }
    const theme::Theme& theme = theme::Theme::instance();
    const int width = std::min(badgeWidth(text), area.width());
    const QRect box(right ? area.right() - width + 1 : area.left(), area.center().y() - BadgeHeight / 2 + 1, width,
                    BadgeHeight);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.soft(tone));
    painter.drawRoundedRect(box, BadgeHeight / 2.0, BadgeHeight / 2.0);
    painter.setBrush(theme.strong(tone));
    painter.drawEllipse(QPointF(box.left() + BadgePadding + DotSize / 2.0, box.center().y() + 0.5), DotSize / 2.0,
                        DotSize / 2.0);
    painter.setFont(badgeFont());
    painter.setPen(theme.strong(tone));
    const QRect words = box.adjusted(BadgePadding + DotSize + 5, 0, -BadgePadding + 2, 0);
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                     QFontMetrics(badgeFont()).elidedText(text, Qt::ElideRight, words.width()));
    painter.restore();
    return box;
}

StatusBadge::StatusBadge(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void StatusBadge::setStatus(const QString& text, theme::Tone tone) {
    m_text = text;
    m_tone = tone;
    setAccessibleName(text);
    setVisible(!text.isEmpty());
    updateGeometry();
    update();
}

QSize StatusBadge::sizeHint() const {
    return {m_text.isEmpty() ? 0 : badgeWidth(m_text), BadgeHeight + 2};
}

void StatusBadge::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintBadge(painter, rect(), m_text, m_tone);
}

} // namespace gatehouse::widgets
