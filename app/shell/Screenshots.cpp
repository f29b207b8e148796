#include "app/shell/Screenshots.h"

#include "app/theme/Theme.h"

#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QPainter>
#include <QScreen>

namespace gatehouse::shell {
namespace {

constexpr int PatienceMs = 20'000;
// Long enough for answers that a scene asks for (a transcript, an archive).
constexpr int SettleMs = 900;

} // namespace

Screenshots::Screenshots(MainWindow& window, session::Session& session, QString folder, QObject* parent)
    : QObject(parent),
      m_window(window),
      m_session(session),
      m_folder(std::move(folder)) {
    m_good = QDir().mkpath(m_folder);
    m_waited.start();
    QTimer::singleShot(100, this, &Screenshots::waitForData);
}

void Screenshots::waitForData() {
    if (!m_session.loaded() && !m_session.lost() && m_waited.elapsed() < PatienceMs) {
        QTimer::singleShot(100, this, &Screenshots::waitForData);
        return;
    }
    for (const bool dark : {false, true}) {
        for (const QString& id : m_window.pageIds()) {
            m_shots.append({id, -1, dark});
            const auto scenes = m_window.page(id)->scenes();
            for (int i = 0; i < scenes.size(); ++i) {
                m_shots.append({id, i, dark});
            }
        }
    }
    QTimer::singleShot(SettleMs, this, &Screenshots::next);
}

void Screenshots::next() {
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        if (auto* dialog = qobject_cast<QDialog*>(widget)) {
            dialog->reject();
        }
    }
    if (m_shots.isEmpty()) {
        emit finished(m_good);
        return;
    }
    const Shot shot = m_shots.takeFirst();
    const auto scheme = shot.dark ? theme::Scheme::Dark : theme::Scheme::Light;
    if (theme::Theme::instance().scheme() != scheme) {
        theme::Theme::instance().apply(scheme);
    }
    m_window.showPage(shot.page);
    QString name = shot.page;
    if (shot.scene >= 0) {
        const auto scenes = m_window.page(shot.page)->scenes();
        name += QLatin1Char('-') + scenes[shot.scene].name;
        scenes[shot.scene].show();
    }
    name += shot.dark ? QStringLiteral("-dark.png") : QStringLiteral("-light.png");
    QTimer::singleShot(SettleMs, this, [this, name] {
        take(name);
        next();
    });
}

void Screenshots::take(const QString& name) {
    QPixmap picture = m_window.grab();
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        auto* dialog = qobject_cast<QDialog*>(widget);
        if (dialog != nullptr && dialog->isVisible()) {
            QPainter painter(&picture);
            painter.fillRect(picture.rect(), QColor(0, 0, 0, 110));
            const QPixmap on = dialog->grab();
            painter.drawPixmap((picture.width() - on.width()) / 2, (picture.height() - on.height()) / 2, on);
        }
    }
    m_good = picture.save(m_folder + QLatin1Char('/') + name) && m_good;
}

} // namespace gatehouse::shell
