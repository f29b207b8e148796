#pragma once

#include "app/item_models/RowModel.h"
#include "app/session/Session.h"
#include "core/probe/ProbeReport.h"

#include <QObject>
#include <functional>

namespace gatehouse::pages {

/// How far the newest probe run is.
struct RunState {
    QString name; ///< "namespace/name"; empty: there is no run
    QString phase;
    qint64 done = 0;
    qint64 total = 0;
    std::optional<qint64> etaSeconds;
    QString message;

    [[nodiscard]] bool running() const {
        return phase.isEmpty() ? !name.isEmpty()
                               : phase == QStringLiteral("Pending") || phase == QStringLiteral("Running");
    }
};

/// Keeps the inventory table and the newest report up to date; starts and cancels probe runs. GUI thread.
class EndpointsController : public QObject {
    Q_OBJECT
public:
    explicit EndpointsController(session::Session& session, QObject* parent = nullptr);

    using Finished = std::function<void(Result<void>)>;
    using Text = std::function<void(Result<std::string>)>;

    [[nodiscard]] item_models::RowModel& table() { return m_table; }

    [[nodiscard]] const std::shared_ptr<const probe::ProbeReport>& report() const { return m_report; }

    [[nodiscard]] RunState newestRun() const { return m_newest; }

    /// "namespace/name" of every run, newest first.
    [[nodiscard]] QStringList runs() const;
    [[nodiscard]] QString runTitle(const QString& run) const;
    /// Whose report is shown; empty means the newest.
    void chooseRun(const QString& run);
    [[nodiscard]] QString shownRun() const;

    /// The run that report() and transcript() are about; the one before shownRun() while that has no report yet.
    [[nodiscard]] QString reportedRun() const { return m_reportedRun; }

    /// Resources that the inventory could not look at, with the reason.
    [[nodiscard]] QStringList notInspected() const;

    /// Empty: every endpoint.
    void start(QObject* context, const QStringList& endpointNames, Finished done);
    void cancel(QObject* context, Finished done);
    void transcript(QObject* context, const QString& id, Text done);

signals:
    void inventoryChanged();
    void runChanged();
    void reportChanged();

private:
    void fillInventory();
    void followRuns();
    void loadReport();

    session::Session& m_session;
    item_models::RowModel m_table;
    RunState m_newest;
    QString m_chosen;
    QString m_loadedVersion;
    QString m_reportedRun;
    bool m_loading = false;
    std::shared_ptr<const probe::ProbeReport> m_report;
};

/// State of a ProbeRun object. Pure.
[[nodiscard]] RunState runStateOf(const Object& run);

} // namespace gatehouse::pages
