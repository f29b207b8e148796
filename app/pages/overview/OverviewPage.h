#pragma once

#include "app/pages/Page.h"
#include "app/pages/overview/OverviewModel.h"
#include "app/session/Session.h"

#include <QTimer>

class QLabel;
class QStackedWidget;
class QVBoxLayout;

namespace gatehouse::widgets {
class Banner;
class EmptyState;
class Facts;
class StatusBadge;
} // namespace gatehouse::widgets

namespace gatehouse::pages {

/// The state of the installation at a glance.
class OverviewPage : public Page {
    Q_OBJECT
public:
    explicit OverviewPage(session::Session& session);
    void refresh() override;

private:
    struct Tile {
        QLabel* figure = nullptr;
        widgets::StatusBadge* badge = nullptr;
        QLabel* detail = nullptr;
    };

    Tile makeTile(QLayout& row, const QString& title, const QString& page);
    QWidget* makeCharts();
    QWidget* makeLower();
    void schedule();
    void fill();
    void fillTiles(const OverviewData& data);
    /// What was never read is unknown, not empty and not good.
    void hideUnread();
    static void showUnknown(const Tile& tile);
    void fillFindings(const OverviewData& data);
    void fillFacts(const OverviewData& data);

    session::Session& m_session;
    QTimer m_soon;
    widgets::Banner* m_notes;
    Tile m_gateway, m_models, m_keys, m_evidence, m_findings;
    widgets::RingChart* m_verdicts = nullptr;
    widgets::CoverageChart* m_coverage = nullptr;
    QStackedWidget* m_coverageStack = nullptr;
    widgets::EmptyState* m_noCoverage = nullptr;
    QVBoxLayout* m_findingList = nullptr;
    widgets::Facts* m_facts = nullptr;
};

} // namespace gatehouse::pages
