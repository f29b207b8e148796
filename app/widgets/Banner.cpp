#include "app/widgets/Banner.h"

#include "app/theme/Theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>

namespace gatehouse::widgets {
namespace {

QString wordOf(theme::Tone tone) {
    switch (tone) {
    case theme::Tone::Bad:
        return QStringLiteral("bad");
    case theme::Tone::Warn:
        return QStringLiteral("warn");
    case theme::Tone::Good:
        return QStringLiteral("good");
    default:
        return QStringLiteral("info");
    }
}

} // namespace

Banner::Banner(QWidget* parent)
    : QFrame(parent),
      m_icon(new QLabel(this)),
      m_text(new QLabel(this)),
      m_button(new QPushButton(this)) {
    setObjectName(QStringLiteral("banner"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 8, 8, 8);
    layout->setSpacing(10);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button, 0, Qt::AlignVCenter);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    connect(m_button, &QPushButton::clicked, this, &Banner::triggered);
    connect(&theme::Theme::instance(), &theme::Theme::changed, this, &Banner::paintIcon);
    hide();
}

void Banner::show(theme::Tone tone, const QString& text, const QString& more, const QString& action) {
    setProperty("tone", wordOf(tone));
    style()->unpolish(this);
    style()->polish(this);
    m_tone = tone;
    paintIcon();
    m_text->setText(more.isEmpty() ? text : text + QLatin1Char('\n') + more);
    m_button->setText(action);
    m_button->setVisible(!action.isEmpty());
    setAccessibleName(text);
    setAccessibleDescription(more);
    setVisible(true);
}

void Banner::paintIcon() {
    const QString icon = m_tone == theme::Tone::Good   ? QStringLiteral("check")
                         : m_tone == theme::Tone::Info ? QStringLiteral("info")
                                                       : QStringLiteral("alert");
    m_icon->setPixmap(theme::pixmap(icon, theme::Theme::instance().strong(m_tone), 18, devicePixelRatioF()));
}

void Banner::clear() {
    setVisible(false);
}

} // namespace gatehouse::widgets
