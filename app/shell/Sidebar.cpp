#include "app/shell/Sidebar.h"

#include "app/theme/Theme.h"
#include "app/widgets/Layouts.h"
#include "app/widgets/StatusBadge.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace gatehouse::shell {
namespace {

QToolButton* sideButton(const QString& text, const QString& icon, QWidget* parent) {
    auto* made = new QToolButton(parent);
    made->setText(QStringLiteral("  ") + text);
    made->setAccessibleName(text);
    made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    made->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    made->setIconSize({18, 18});
    made->setCursor(Qt::PointingHandCursor);
    const auto paint = [made, icon] {
        made->setIcon(theme::icon(icon, theme::Theme::instance().colors().sidebarMuted));
    };
    QObject::connect(&theme::Theme::instance(), &theme::Theme::changed, made, paint);
    paint();
    return made;
}

} // namespace

Sidebar::Sidebar(const QList<pages::PageEntry>& entries, QWidget* parent)
    : QFrame(parent),
      m_group(new QButtonGroup(this)),
      m_state(new widgets::StatusBadge(this)),
      m_server(widgets::label({}, "muted", this)) {
    setObjectName(QStringLiteral("sidebar"));
    setFixedWidth(212);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 18, 12, 16);
    layout->setSpacing(3);
    auto* brand = new QHBoxLayout;
    brand->setContentsMargins(8, 0, 0, 14);
    brand->setSpacing(10);
    auto* mark = new QLabel(this);
    mark->setPixmap(theme::pixmap(QStringLiteral("gate"), QColor(0x8FA8FF), 24, 2.0));
    QLabel* name = widgets::label(QStringLiteral("Gatehouse"), nullptr, this);
    QFont font = theme::Theme::instance().heading();
    font.setPixelSize(16);
    name->setFont(font);
    brand->addWidget(mark);
    brand->addWidget(name, 1);
    layout->addLayout(brand);
    for (int i = 0; i < entries.size(); ++i) {
        QToolButton* button = sideButton(entries[i].title, entries[i].icon, this);
        button->setCheckable(true);
        button->setToolTip(QStringLiteral("Ctrl+%1").arg(i + 1));
        m_group->addButton(button, i);
        layout->addWidget(button);
    }
    m_group->setExclusive(true);
    layout->addStretch(1);
    QToolButton* palette = sideButton(tr("Commands   Ctrl+K"), QStringLiteral("command"), this);
    QToolButton* theme = sideButton(tr("Light or dark"), QStringLiteral("moon"), this);
    layout->addWidget(palette);
    layout->addWidget(theme);
    layout->addSpacing(12);
    auto* state = new QVBoxLayout;
    state->setContentsMargins(10, 0, 0, 0);
    state->setSpacing(5);
    state->addWidget(m_state);
    m_server->setFont(theme::Theme::instance().small());
    state->addWidget(m_server);
    layout->addLayout(state);
    connect(m_group, &QButtonGroup::idClicked, this, &Sidebar::chosen);
    connect(palette, &QToolButton::clicked, this, &Sidebar::paletteWanted);
    connect(theme, &QToolButton::clicked, this, &Sidebar::themeWanted);
}

void Sidebar::setCurrent(int index) {
    if (auto* button = m_group->button(index)) {
        button->setChecked(true);
    }
}

void Sidebar::setConnection(const QString& state, theme::Tone tone, const QString& server) {
    m_state->setStatus(state, tone);
    m_server->setText(fontMetrics().elidedText(server, Qt::ElideMiddle, 180));
    m_server->setToolTip(server);
}

} // namespace gatehouse::shell
