#pragma once

#include "app/shell/MainWindow.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace gatehouse::shell {

/// Renders every page and every scene of it, in light and dark, to PNG files; then quits. Waits until the data is
/// there, at most twenty seconds.
class Screenshots : public QObject {
    Q_OBJECT
public:
    Screenshots(MainWindow& window, session::Session& session, QString folder, QObject* parent = nullptr);

signals:
    void finished(bool allWritten);

private:
    struct Shot {
        QString page;
        int scene = -1; ///< −1: the page as it opens
        bool dark = false;
    };

    void waitForData();
    void next();
    void take(const QString& name);

    MainWindow& m_window;
    session::Session& m_session;
    QString m_folder;
    QElapsedTimer m_waited;
    QList<Shot> m_shots;
    bool m_good = true;
};

} // namespace gatehouse::shell
