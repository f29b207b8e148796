#pragma once

#include <QList>
#include <QWidget>
#include <functional>
#include <memory>

class QLineEdit;

namespace gatehouse::session {
class Session;
}

namespace gatehouse::pages {

/// Something to look at besides the page as it opens: a dialog, a detail pane. Used by --screenshot.
struct Scene {
    QString name;
    std::function<void()> show;
};

/// One page of the console. Widgets only: what the user wants goes out as calls on the page's controller.
class Page : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    /// What Ctrl+F focuses; null if the page has nothing to filter.
    [[nodiscard]] virtual QLineEdit* filterField() const { return nullptr; }

    /// F5.
    virtual void refresh() {}

    [[nodiscard]] virtual QList<Scene> scenes() { return {}; }

signals:
    void pageWanted(const QString& id);
    /// A short word on what was just done, shown for some seconds.
    void said(const QString& text);
};

/// A row of AllPages.cpp.
struct PageEntry {
    QString id; ///< as in --page
    QString title;
    QString icon;
    std::function<std::unique_ptr<Page>(session::Session&)> make;
};

} // namespace gatehouse::pages
