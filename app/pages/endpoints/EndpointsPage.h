#pragma once

#include "app/pages/Page.h"
#include "app/pages/endpoints/EndpointsController.h"
#include "app/pages/endpoints/EndpointsModel.h"

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTabWidget;
class QTableView;
class QVBoxLayout;

namespace gatehouse::widgets {
class Banner;
class CodeView;
class DataTable;
} // namespace gatehouse::widgets

namespace gatehouse::pages {

/// What answers here, what protects it, and what the prober found.
class EndpointsPage : public Page {
    Q_OBJECT
public:
    explicit EndpointsPage(session::Session& session);

    QLineEdit* filterField() const override { return m_filter; }

    void refresh() override { m_session.inventory().poke(); }

    QList<Scene> scenes() override;

private:
    QWidget* makeRunStrip();
    QWidget* makeInventory();
    QWidget* makeDenials();
    QWidget* makeTranscriptViewer();
    void showEndpoint();
    void showRun();
    void showReport();
    void showChecks();
    void showTranscript(const QString& rowId);
    void probeAll();
    void probeSelected();
    void startProbe(const QStringList& names);
    void cancelProbe();
    void updateActions();

    session::Session& m_session;
    EndpointsController m_controller;
    DenialGridModel m_grid;
    item_models::RowModel m_checks;
    QLineEdit* m_filter;
    widgets::Banner* m_banner;
    QPushButton* m_probeAll;
    QPushButton* m_probeSelected;
    QTabWidget* m_tabs;
    widgets::DataTable* m_table = nullptr;
    QWidget* m_detail = nullptr;
    QVBoxLayout* m_policy = nullptr;
    QWidget* m_strip = nullptr;
    QLabel* m_stripText = nullptr;
    QProgressBar* m_stripBar = nullptr;
    QPushButton* m_stripCancel = nullptr;
    QComboBox* m_runs = nullptr;
    QLabel* m_summary = nullptr;
    QStackedWidget* m_denials = nullptr;
    QTableView* m_gridView = nullptr;
    widgets::DataTable* m_checkTable = nullptr;
    widgets::CodeView* m_transcript = nullptr;
    QLabel* m_transcriptTitle = nullptr;
    QPushButton* m_copy = nullptr;
    QString m_shownTranscript;
};

} // namespace gatehouse::pages
