#pragma once

#include "app/pages/Page.h"
#include "app/theme/Tone.h"

#include <QFrame>

class QButtonGroup;
class QLabel;

namespace gatehouse::widgets {
class StatusBadge;
}

namespace gatehouse::shell {

/// Name, pages, and how the connection is doing.
class Sidebar : public QFrame {
    Q_OBJECT
public:
    explicit Sidebar(const QList<pages::PageEntry>& entries, QWidget* parent = nullptr);
    void setCurrent(int index);
    void setConnection(const QString& state, theme::Tone tone, const QString& server);

signals:
    void chosen(int index);
    void paletteWanted();
    void themeWanted();

private:
    QButtonGroup* m_group;
    widgets::StatusBadge* m_state;
    QLabel* m_server;
};

} // namespace gatehouse::shell
