#include "app/shell/MainWindow.h"

#include "app/formatting/Text.h"
#include "app/shell/CommandPalette.h"
#include "app/shell/Sidebar.h"
#include "app/theme/Theme.h"
#include "app/widgets/Banner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace gatehouse::shell {

MainWindow::MainWindow(session::Session& session, QList<pages::PageEntry> entries, QWidget* parent)
    : QMainWindow(parent),
      m_session(session),
      m_entries(std::move(entries)),
      m_pages(m_entries.size(), nullptr),
      m_sidebar(new Sidebar(m_entries, this)),
      m_lost(new widgets::Banner(this)),
      m_version(new widgets::Banner(this)),
      m_stack(new QStackedWidget(this)),
      m_palette(nullptr),
      m_toast(new QLabel(this)) {
    setWindowTitle(tr("Gatehouse"));
    resize(1320, 860);
    setMinimumSize(980, 640);
    auto* body = new QWidget(this);
    body->setObjectName(QStringLiteral("pageHost"));
    auto* row = new QHBoxLayout(body);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_sidebar);
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    auto* banners = new QVBoxLayout;
    banners->setContentsMargins(24, 0, 24, 0);
    banners->setSpacing(8);
    banners->addWidget(m_lost);
    banners->addWidget(m_version);
    column->addLayout(banners);
    column->addWidget(m_stack, 1);
    row->addLayout(column, 1);
    setCentralWidget(body);
    m_palette = new CommandPalette(this);
    m_toast->setObjectName(QStringLiteral("toast"));
    m_toast->hide();

    connect(m_sidebar, &Sidebar::chosen, this, &MainWindow::showIndex);
    connect(m_sidebar, &Sidebar::paletteWanted, m_palette, &CommandPalette::open);
    connect(m_sidebar, &Sidebar::themeWanted, this, &MainWindow::toggleTheme);
    connect(m_lost, &widgets::Banner::triggered, &session, &session::Session::retryNow);
    connect(&session, &session::Session::connectionChanged, this, &MainWindow::updateConnection);
    m_toastTimer.setSingleShot(true);
    m_toastTimer.setInterval(4000);
    connect(&m_toastTimer, &QTimer::timeout, m_toast, &QWidget::hide);
    addShortcuts();
    updateConnection();
    showIndex(0);
}

QStringList MainWindow::pageIds() const {
    QStringList ids;
    for (const auto& entry : m_entries) {
        ids.append(entry.id);
    }
    return ids;
}

pages::Page* MainWindow::page(const QString& id) {
    const auto index = pageIds().indexOf(id);
    if (index < 0) {
        return nullptr;
    }
    if (m_pages[index] == nullptr) {
        pages::Page* made = m_entries[index].make(m_session).release();
        made->setObjectName(QStringLiteral("pageBody"));
        m_pages[index] = made;
        m_stack->addWidget(made);
        connect(made, &pages::Page::pageWanted, this, &MainWindow::showPage);
        connect(made, &pages::Page::said, this, &MainWindow::say);
    }
    return m_pages[index];
}

void MainWindow::showPage(const QString& id) {
    const auto index = static_cast<int>(pageIds().indexOf(id));
    if (index >= 0) {
        showIndex(index);
    }
}

void MainWindow::showIndex(int index) {
    m_stack->setCurrentWidget(page(m_entries[index].id));
    m_sidebar->setCurrent(index);
    setWindowTitle(tr("%1 – Gatehouse").arg(m_entries[index].title));
}

void MainWindow::addShortcuts() {
    QList<Command> commands;
    const auto add = [this, &commands](const QString& text, const QKeySequence& keys, std::function<void()> run) {
        if (!keys.isEmpty()) {
            connect(new QShortcut(keys, this), &QShortcut::activated, this, run);
        }
        commands.append({text, keys.toString(QKeySequence::NativeText), std::move(run)});
    };
    for (int i = 0; i < m_entries.size(); ++i) {
        add(tr("Go to %1").arg(m_entries[i].title), QKeySequence(QStringLiteral("Ctrl+%1").arg(i + 1)),
            [this, i] { showIndex(i); });
    }
    const auto current = [this] { return static_cast<pages::Page*>(m_stack->currentWidget()); };
    add(tr("Filter this page"), QKeySequence::Find, [current] {
        if (QLineEdit* field = current()->filterField()) {
            field->setFocus();
            field->selectAll();
        }
    });
    add(tr("Refresh"), QKeySequence(Qt::Key_F5), [this, current] {
        current()->refresh();
        m_session.retryNow();
    });
    add(tr("Switch between light and dark"), {}, [this] { toggleTheme(); });
    add(tr("Quit"), QKeySequence::Quit, [this] { close(); });
    connect(new QShortcut(QKeySequence(QStringLiteral("Ctrl+K")), this), &QShortcut::activated, this,
            [this] { m_palette->open(); });
    m_palette->setCommands(std::move(commands));
}

void MainWindow::updateConnection() {
    const QString server = formatting::toQt(m_session.client()->server());
    if (const Error* problem = m_session.problem()) {
        const QString more = m_session.loaded() ? tr("What you see is what was last known.") : QString();
        m_lost->show(theme::Tone::Bad, formatting::sentence(*problem),
                     QStringList{formatting::mend(*problem), more}.join(QLatin1Char(' ')).trimmed(), tr("Try now"));
        m_sidebar->setConnection(tr("Not connected"), theme::Tone::Bad, server);
    } else {
        m_lost->clear();
        const bool live = m_session.models().state() == session::ObjectFeed::State::Live;
        m_sidebar->setConnection(live ? (m_session.readOnly() ? tr("Live, read-only") : tr("Live")) : tr("Connecting"),
                                 live ? theme::Tone::Good : theme::Tone::Info, server);
    }
    if (const QString note = m_session.versionNote(); !note.isEmpty()) {
        m_version->show(theme::Tone::Warn, note);
    } else {
        m_version->clear();
    }
    auto* banners = m_lost->parentWidget()->layout()->itemAt(1)->layout()->itemAt(0)->layout();
    const bool any = !m_lost->isHidden() || !m_version->isHidden();
    banners->setContentsMargins(24, any ? 16 : 0, 24, 0);
}

void MainWindow::say(const QString& text) {
    const theme::Colors& c = theme::Theme::instance().colors();
    m_toast->setStyleSheet(
        QStringLiteral("#toast { background: %1; color: %2; border-radius: 8px; padding: 10px 16px; }")
            .arg(c.text.name(), c.window.name()));
    m_toast->setText(text);
    m_toast->setAccessibleName(text);
    m_toast->adjustSize();
    m_toast->move((width() + m_sidebar->width() - m_toast->width()) / 2, height() - m_toast->height() - 24);
    m_toast->show();
    m_toast->raise();
    m_toastTimer.start();
}

void MainWindow::toggleTheme() {
    theme::Theme& theme = theme::Theme::instance();
    theme.apply(theme.scheme() == theme::Scheme::Dark ? theme::Scheme::Light : theme::Scheme::Dark);
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    m_toast->hide();
    m_palette->hide();
}

} // namespace gatehouse::shell
