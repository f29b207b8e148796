#pragma once

#include "app/pages/Page.h"
#include "app/session/Session.h"

#include <QMainWindow>
#include <QTimer>

class QLabel;
class QStackedWidget;

namespace gatehouse::widgets {
class Banner;
}

namespace gatehouse::shell {

class CommandPalette;
class Sidebar;

/// The window: sidebar, banners, the current page. Pages are made when they are first shown.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(session::Session& session, QList<pages::PageEntry> entries, QWidget* parent = nullptr);

    void showPage(const QString& id);
    [[nodiscard]] QStringList pageIds() const;
    [[nodiscard]] pages::Page* page(const QString& id);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showIndex(int index);
    void addShortcuts();
    void updateConnection();
    void say(const QString& text);
    void toggleTheme();

    session::Session& m_session;
    QList<pages::PageEntry> m_entries;
    QList<pages::Page*> m_pages;
    Sidebar* m_sidebar;
    widgets::Banner* m_lost;
    widgets::Banner* m_version;
    QStackedWidget* m_stack;
    CommandPalette* m_palette;
    QLabel* m_toast;
    QTimer m_toastTimer;
    QTimer m_retryTick;
};

} // namespace gatehouse::shell
