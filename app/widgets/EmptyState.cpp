#include "app/widgets/EmptyState.h"

#include "app/theme/Theme.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::widgets {

EmptyState::EmptyState(const QString& icon, QWidget* parent)
    : QWidget(parent),
      m_iconName(icon),
      m_icon(new QLabel(this)),
      m_title(new QLabel(this)),
      m_text(new QLabel(this)),
      m_button(new QPushButton(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 24);
    layout->addStretch(1);
    for (QLabel* label : {m_icon, m_title, m_text}) {
        label->setAlignment(Qt::AlignCenter);
        layout->addWidget(label);
    }
    QFont font = theme::Theme::instance().heading();
    font.setPixelSize(15);
    m_title->setFont(font);
    m_text->setProperty("role", QStringLiteral("muted"));
    m_text->setWordWrap(true);
    m_button->setProperty("kind", QStringLiteral("primary"));
    m_button->hide();
    layout->addSpacing(10);
    layout->addWidget(m_button, 0, Qt::AlignCenter);
    layout->addStretch(2);
    connect(m_button, &QPushButton::clicked, this, &EmptyState::triggered);
    const auto paint = [this] {
        m_icon->setPixmap(theme::pixmap(m_iconName, theme::Theme::instance().colors().faint, 36, devicePixelRatioF()));
    };
    connect(&theme::Theme::instance(), &theme::Theme::changed, this, paint);
    paint();
}

void EmptyState::setText(const QString& title, const QString& text) {
    m_title->setText(title);
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
    setAccessibleName(title + QLatin1Char(' ') + text);
}

void EmptyState::setAction(const QString& text) {
    m_button->setText(text);
    m_button->setVisible(!text.isEmpty());
}

} // namespace gatehouse::widgets
