#include "app/pages/endpoints/EndpointsPage.h"

#include "app/formatting/Text.h"
#include "app/pages/PageFrame.h"
#include "app/pages/endpoints/GridView.h"
#include "app/widgets/Banner.h"
#include "app/widgets/Clipboard.h"
#include "app/widgets/CodeView.h"
#include "app/widgets/DataTable.h"
#include "app/widgets/EmptyState.h"
#include "app/widgets/Layouts.h"
#include "app/widgets/StatusBadge.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace gatehouse::pages {

EndpointsPage::EndpointsPage(session::Session& session)
    : m_session(session),
      m_controller(session),
      m_checks(checkColumns(), session.clock()),
      m_filter(widgets::filterField(tr("Filter endpoints"), this)),
      m_banner(new widgets::Banner(this)),
      m_probeAll(widgets::button(tr("Probe all"), QStringLiteral("play"), "primary", this)),
      m_probeSelected(widgets::button(tr("Probe selected"), {}, nullptr, this)),
      m_tabs(new QTabWidget(this)) {
    auto* layout = pageLayout(*this);
    layout->addWidget(pageHeader(tr("Endpoints"),
                                 tr("Every address that answers for a model, what protects it, and the proof."),
                                 {m_probeSelected, m_probeAll}, this));
    layout->addWidget(m_banner);
    layout->addWidget(makeRunStrip());
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(makeInventory(), tr("Inventory"));
    m_tabs->addTab(makeDenials(), tr("Denials"));
    layout->addWidget(m_tabs, 1);

    connect(m_probeAll, &QPushButton::clicked, this, &EndpointsPage::probeAll);
    connect(m_probeSelected, &QPushButton::clicked, this, &EndpointsPage::probeSelected);
    connect(&m_controller, &EndpointsController::runChanged, this, &EndpointsPage::showRun);
    connect(&m_controller, &EndpointsController::reportChanged, this, &EndpointsPage::showReport);
    connect(&m_controller, &EndpointsController::inventoryChanged, this, &EndpointsPage::showEndpoint);
    showRun();
    showReport();
    updateActions();
}

QWidget* EndpointsPage::makeRunStrip() {
    m_strip = new QFrame(this);
    m_strip->setObjectName(QStringLiteral("card"));
    auto* layout = new QHBoxLayout(m_strip);
    layout->setContentsMargins(16, 10, 12, 10);
    layout->setSpacing(16);
    m_stripText = widgets::label({}, nullptr, m_strip);
    m_stripBar = new QProgressBar(m_strip);
    m_stripBar->setTextVisible(false);
    m_stripBar->setAccessibleName(tr("Progress of the probe"));
    m_stripCancel = widgets::button(tr("Cancel"), QStringLiteral("stop"), nullptr, m_strip);
    layout->addWidget(m_stripText);
    layout->addWidget(m_stripBar, 1);
    layout->addWidget(m_stripCancel);
    m_stripCancel->setVisible(!m_session.readOnly());
    connect(m_stripCancel, &QPushButton::clicked, this, &EndpointsPage::cancelProbe);
    return m_strip;
}

QWidget* EndpointsPage::makeInventory() {
    auto* nothing = new widgets::EmptyState(QStringLiteral("endpoints"));
    nothing->setText(tr("No endpoints yet"),
                     tr("Endpoints appear here as soon as a model is served. Add one on the Models page."));
    nothing->setAction(tr("Go to Models"));
    connect(nothing, &widgets::EmptyState::triggered, this, [this] { emit pageWanted(QStringLiteral("models")); });
    m_table = new widgets::DataTable(m_controller.table(), tr("Endpoints"), nothing, this);
    m_table->setFilterField(m_filter);
    m_table->setLoaded(m_session.inventory().value() != nullptr);
    connect(&m_session.inventory(), &session::Poller::changed, m_table, [this] { m_table->setLoaded(true); });
    m_table->setMultiSelection(true);
    m_table->setRowHeight(46);
    connect(m_table, &widgets::DataTable::currentChanged, this, &EndpointsPage::showEndpoint);
    connect(m_table, &widgets::DataTable::selectionChanged, this, &EndpointsPage::updateActions);

    auto* pane = new QFrame(this);
    pane->setObjectName(QStringLiteral("detailPane"));
    auto* paneLayout = new QVBoxLayout(pane);
    paneLayout->setContentsMargins(1, 1, 1, 1);
    auto* scroll = new QScrollArea(pane);
    scroll->setWidgetResizable(true);
    auto* body = new QWidget(scroll);
    body->setObjectName(QStringLiteral("scrollBody"));
    m_policy = new QVBoxLayout(body);
    m_policy->setContentsMargins(16, 14, 16, 14);
    m_policy->setSpacing(12);
    scroll->setWidget(body);
    paneLayout->addWidget(scroll);
    m_detail = pane;
    m_detail->setMinimumHeight(250);
    m_detail->hide();

    auto* split = new QSplitter(Qt::Vertical, this);
    split->setHandleWidth(12);
    split->setChildrenCollapsible(false);
    split->addWidget(tableCard(m_filter, {}, m_table, this));
    split->addWidget(pane);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    auto* holder = new QWidget(this);
    auto* layout = new QVBoxLayout(holder);
    layout->setContentsMargins(0, 12, 0, 0);
    layout->addWidget(split);
    return holder;
}

QWidget* EndpointsPage::makeDenials() {
    m_runs = new QComboBox(this);
    m_runs->setAccessibleName(tr("Probe run"));
    m_runs->setMinimumWidth(240);
    m_summary = widgets::label({}, "muted", this);
    connect(m_runs, &QComboBox::activated, this, [this] { m_controller.chooseRun(m_runs->currentData().toString()); });

    m_gridView = new QTableView(this);
    m_gridView->setModel(&m_grid);
    setUpGrid(*m_gridView);
    connect(m_gridView->selectionModel(), &QItemSelectionModel::currentChanged, this, &EndpointsPage::showChecks);

    auto* nothing = new widgets::EmptyState(QStringLiteral("flask"));
    nothing->setText(tr("Nothing probed yet"), tr("Choose a cell above to see its routes, or start a probe."));
    m_checkTable = new widgets::DataTable(m_checks, tr("Checks"), nothing, this);
    m_checkTable->setSort(1, Qt::AscendingOrder);
    m_checkTable->setRowHeight(40);
    connect(m_checkTable, &widgets::DataTable::currentChanged, this, &EndpointsPage::showTranscript);

    auto* lower = new QSplitter(Qt::Horizontal, this);
    lower->setHandleWidth(12);
    lower->setChildrenCollapsible(false);
    lower->addWidget(tableCard(nullptr, {}, m_checkTable, this));
    lower->addWidget(makeTranscriptViewer());
    lower->setStretchFactor(0, 11);
    lower->setStretchFactor(1, 9);
    auto* split = new QSplitter(Qt::Vertical, this);
    split->setHandleWidth(12);
    split->setChildrenCollapsible(false);
    split->addWidget(tableCard(nullptr, {}, m_gridView, this));
    split->addWidget(lower);
    split->setStretchFactor(0, 2);
    split->setStretchFactor(1, 3);
    auto* never = new widgets::EmptyState(QStringLiteral("flask"), this);
    const auto say = [this, never] {
        if (!m_session.probeRuns().loaded()) {
            never->setText(tr("Not known yet"),
                           tr("The agent has not answered so far; this fills in by itself when it does."));
            return;
        }
        never->setText(
            tr("No probe has run yet"),
            tr("A probe sends requests that must be refused, and one that must pass, and records what really "
               "happened."));
        never->setAction(m_session.readOnly() ? QString() : tr("Probe all"));
    };
    connect(&m_session.probeRuns(), &session::ObjectFeed::changed, never, say);
    say();
    connect(never, &widgets::EmptyState::triggered, this, &EndpointsPage::probeAll);
    m_denials = new QStackedWidget(this);
    m_denials->addWidget(tableCard(nullptr, {}, never, this));
    m_denials->addWidget(split);

    auto* holder = new QWidget(this);
    auto* layout = new QVBoxLayout(holder);
    layout->setContentsMargins(0, 12, 0, 0);
    layout->setSpacing(10);
    auto* row = new QHBoxLayout;
    row->setSpacing(14);
    row->addWidget(m_runs);
    row->addWidget(m_summary, 1);
    layout->addLayout(row);
    layout->addWidget(m_denials, 1);
    return holder;
}

QWidget* EndpointsPage::makeTranscriptViewer() {
    auto* viewer = new QFrame(this);
    viewer->setObjectName(QStringLiteral("card"));
    auto* viewerLayout = new QVBoxLayout(viewer);
    viewerLayout->setContentsMargins(1, 1, 1, 1);
    viewerLayout->setSpacing(0);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(14, 6, 8, 4);
    m_transcriptTitle = widgets::label(tr("Transcript"), "caption", viewer);
    m_transcriptTitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_copy = widgets::button(tr("Copy"), QStringLiteral("copy"), "quiet", viewer);
    m_copy->setEnabled(false);
    bar->addWidget(m_transcriptTitle, 1);
    bar->addWidget(m_copy);
    viewerLayout->addLayout(bar);
    m_transcript = new widgets::CodeView(widgets::CodeView::Language::Transcript, viewer);
    m_transcript->setReadOnly(true);
    m_transcript->setAccessibleName(tr("Transcript: what was sent and received"));
    m_transcript->setPlaceholderText(
        tr("Choose a check to read what really went over the wire. Credentials are cut out."));
    viewerLayout->addWidget(m_transcript, 1);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        widgets::copyText(m_transcript->toPlainText());
        emit said(tr("Transcript copied."));
    });
    return viewer;
}

void EndpointsPage::updateActions() {
    const bool idle = !m_session.readOnly() && !m_controller.newestRun().running();
    m_probeAll->setEnabled(idle && m_controller.table().rowCount() > 0);
    m_probeSelected->setEnabled(idle && !m_table->selectedIds().isEmpty());
}

void EndpointsPage::showEndpoint() {
    updateActions();
    const item_models::Row* row = m_controller.table().row(m_table->currentId());
    m_detail->setVisible(row != nullptr);
    if (row == nullptr) {
        return;
    }
    const json::Value& endpoint = *row->source;
    widgets::empty(*m_policy);
    if (const std::string note = json::text(endpoint, "engineNote"); !note.empty()) {
        auto* banner = new widgets::Banner(this);
        banner->show(theme::Tone::Warn, formatting::toQt(note));
        m_policy->addWidget(banner);
    }
    m_policy->addWidget(widgets::label(tr("What protects it"), "caption"));
    QLabel* policy = widgets::label(policyInWords(endpoint));
    policy->setWordWrap(true);
    policy->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_policy->addWidget(policy);
    const json::Value* findings = json::find(endpoint, "findings");
    m_policy->addWidget(widgets::label(tr("Findings"), "caption"));
    if (findings == nullptr || !findings->is_array() || findings->get_array().empty()) {
        m_policy->addWidget(widgets::label(tr("None."), "muted"));
    } else {
        auto* list = new widgets::Facts;
        for (const json::Value& finding : findings->get_array()) {
            auto* cell = new QWidget;
            auto* line = new QHBoxLayout(cell);
            line->setContentsMargins(0, 0, 0, 0);
            auto* badge = new widgets::StatusBadge(cell);
            badge->setStatus(formatting::toQt(json::text(finding, "severity")),
                             severityTone(json::text(finding, "severity")));
            QLabel* reason = widgets::label(formatting::toQt(json::text(finding, "reason")), nullptr, cell);
            reason->setWordWrap(true);
            line->addWidget(badge, 0, Qt::AlignTop);
            line->addWidget(reason, 1);
            list->addWidget(formatting::toQt(json::text(finding, "id")), cell);
        }
        m_policy->addWidget(list);
    }
    m_policy->addWidget(widgets::label(tr("Where it comes from"), "caption"));
    auto* facts = new widgets::Facts;
    facts->add(tr("Address"), formatting::toQt(json::text(endpoint, "url")), true);
    facts->add(tr("Object"), QStringLiteral("%1 %2/%3")
                                 .arg(formatting::toQt(json::text(endpoint, "source.kind")),
                                      formatting::toQt(json::text(endpoint, "source.namespace")),
                                      formatting::toQt(json::text(endpoint, "source.name"))));
    facts->add(tr("Id"), row->id, true);
    m_policy->addWidget(facts);
    m_policy->addStretch(1);
}

void EndpointsPage::showRun() {
    const RunState run = m_controller.newestRun();
    m_strip->setVisible(run.running());
    if (run.running()) {
        QString text =
            run.total > 0 ? tr("Probing: %1 of %2 checks").arg(run.done).arg(run.total) : tr("The probe is starting…");
        if (run.etaSeconds && run.total > 0) {
            text += tr(", %1 left").arg(formatting::duration(*run.etaSeconds));
        }
        m_stripText->setText(text);
        m_stripBar->setRange(0, static_cast<int>(run.total));
        m_stripBar->setValue(static_cast<int>(run.done));
    }
    const QStringList names = m_controller.runs();
    m_runs->clear();
    for (const QString& name : names) {
        m_runs->addItem(m_controller.runTitle(name), name);
    }
    m_runs->setCurrentIndex(static_cast<int>(names.indexOf(m_controller.shownRun())));
    m_runs->setVisible(!names.isEmpty());
    updateActions();
}

void EndpointsPage::showReport() {
    const QModelIndex kept = m_gridView->currentIndex();
    const int row = kept.row();
    const int column = kept.column();
    m_grid.setReport(m_controller.report());
    m_gridView->setColumnWidth(0, 230);
    for (int i = 1; i < m_grid.columnCount(); ++i) {
        m_gridView->setColumnWidth(i, i == 1 ? 128
                                             : std::max(152, m_gridView->horizontalHeader()->sectionSizeHint(i) + 12));
    }
    const auto& report = m_controller.report();
    m_denials->setCurrentIndex(report ? 1 : 0);
    m_summary->setVisible(report != nullptr);
    if (!report) {
        return;
    }
    m_summary->setText(tr("%1 of %2 planned checks conclusive (%3 coverage), %4.")
                           .arg(report->conclusive)
                           .arg(report->planned)
                           .arg(formatting::percent(report->coverage()),
                                report->findings.empty()
                                    ? tr("no findings")
                                    : formatting::counted(static_cast<qint64>(report->findings.size()), tr("1 finding"),
                                                          tr("%1 findings"))));
    const QModelIndex index = m_grid.index(std::max(0, row), std::max(0, column));
    if (index.isValid()) {
        m_gridView->setCurrentIndex(index);
    }
    showChecks();
}

void EndpointsPage::showChecks() {
    const QModelIndex index = m_gridView->currentIndex();
    const probe::EndpointReport* endpoint = m_grid.endpointAt(index.row());
    m_checks.replace(QStringLiteral("checks"), endpoint == nullptr
                                                   ? QList<item_models::Row>()
                                                   : checkRows(*endpoint, m_grid.checkAt(index.column())));
}

void EndpointsPage::showTranscript(const QString& rowId) {
    const item_models::Row* row = m_checks.row(rowId);
    const QString id = row == nullptr ? QString() : formatting::toQt(json::text(*row->source, "transcript"));
    // Transcripts of two runs have the same ids.
    const QString shown = id.isEmpty() ? id : m_controller.reportedRun() + QLatin1Char('\n') + id;
    if (shown == m_shownTranscript) {
        return;
    }
    m_shownTranscript = shown;
    m_transcript->clear();
    m_copy->setEnabled(false);
    m_transcriptTitle->setText(id.isEmpty() ? tr("Transcript") : id);
    if (id.isEmpty()) {
        return;
    }
    m_controller.transcript(this, id, [this, shown](Result<std::string> text) {
        if (shown != m_shownTranscript) {
            return;
        }
        m_transcript->setPlainText(text ? formatting::toQt(*text) : formatting::sentence(text.error()));
        m_copy->setEnabled(text.has_value());
    });
}

void EndpointsPage::probeAll() {
    startProbe({});
}

void EndpointsPage::probeSelected() {
    startProbe(m_table->selectedIds());
}

void EndpointsPage::startProbe(const QStringList& names) {
    m_banner->clear();
    m_probeAll->setEnabled(false);
    m_controller.start(this, names, [this](Result<void> done) {
        updateActions();
        if (!done) {
            m_banner->show(theme::Tone::Bad, formatting::sentence(done.error()), formatting::mend(done.error()));
        } else {
            emit said(tr("The probe has started."));
        }
    });
}

void EndpointsPage::cancelProbe() {
    m_stripCancel->setEnabled(false);
    m_controller.cancel(this, [this](Result<void> done) {
        m_stripCancel->setEnabled(true);
        if (!done) {
            m_banner->show(theme::Tone::Bad, formatting::sentence(done.error()), formatting::mend(done.error()));
        } else {
            emit said(tr("The probe is cancelled; what it found is kept."));
        }
    });
}

QList<Scene> EndpointsPage::scenes() {
    const auto firstEndpoint = [this] {
        if (m_controller.table().rowCount() > 0) {
            m_table->select(m_controller.table().at(0).id);
        }
    };
    const auto firstCheck = [this] {
        m_tabs->setCurrentIndex(1);
        if (m_checks.rowCount() > 0) {
            m_checkTable->select(m_checks.at(0).id);
        }
    };
    return {{QStringLiteral("policy"),
             [this, firstEndpoint] {
                 m_tabs->setCurrentIndex(0);
                 firstEndpoint();
             }},
            {QStringLiteral("denials"), firstCheck}};
}

} // namespace gatehouse::pages
