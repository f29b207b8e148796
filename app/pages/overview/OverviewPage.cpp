#include "app/pages/overview/OverviewPage.h"

#include "app/formatting/Text.h"
#include "app/pages/PageFrame.h"
#include "app/theme/Theme.h"
#include "app/widgets/Banner.h"
#include "app/widgets/EmptyState.h"
#include "app/widgets/Layouts.h"
#include "app/widgets/StatusBadge.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace gatehouse::pages {
namespace {

constexpr int MostFindings = 6;

} // namespace

OverviewPage::OverviewPage(session::Session& session) : m_session(session), m_notes(new widgets::Banner(this)) {
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    auto* body = new QWidget(scroll);
    body->setObjectName(QStringLiteral("scrollBody"));
    scroll->setWidget(body);
    outer->addWidget(scroll);
    auto* layout = pageLayout(*body);
    layout->setSpacing(14);
    layout->addWidget(pageHeader(tr("Overview"), tr("Is every model guarded, and can you prove it?"), {}, this));
    layout->addWidget(m_notes);

    auto* tiles = new QHBoxLayout;
    tiles->setSpacing(14);
    m_gateway = makeTile(*tiles, tr("Gateway"), QStringLiteral("endpoints"));
    m_models = makeTile(*tiles, tr("Models"), QStringLiteral("models"));
    m_keys = makeTile(*tiles, tr("Keys"), QStringLiteral("keys"));
    m_evidence = makeTile(*tiles, tr("Latest evidence"), QStringLiteral("evidence"));
    m_findings = makeTile(*tiles, tr("Open findings"), QStringLiteral("endpoints"));
    layout->addLayout(tiles);
    layout->addWidget(makeCharts());
    layout->addWidget(makeLower());
    layout->addStretch(1);

    m_soon.setSingleShot(true);
    m_soon.setInterval(50);
    connect(&m_soon, &QTimer::timeout, this, &OverviewPage::fill);
    connect(&session, &session::Session::aged, this, &OverviewPage::schedule);
    for (session::ObjectFeed* feed :
         {&session.models(), &session.passthroughModels(), &session.keys(), &session.probeRuns(), &session.packs()}) {
        connect(feed, &session::ObjectFeed::changed, this, &OverviewPage::schedule);
    }
    connect(&session.installation(), &session::Poller::changed, this, &OverviewPage::schedule);
    connect(&session.inventory(), &session::Poller::changed, this, &OverviewPage::schedule);
    fill();
}

OverviewPage::Tile OverviewPage::makeTile(QLayout& row, const QString& title, const QString& page) {
    auto* card = new widgets::Card(title, this);
    card->body()->setContentsMargins(16, 12, 16, 12);
    card->body()->setSpacing(4);
    Tile tile;
    auto* line = new QHBoxLayout;
    line->setSpacing(10);
    tile.figure = widgets::label(QStringLiteral("–"), nullptr, card);
    tile.figure->setFont(theme::Theme::instance().figure());
    tile.badge = new widgets::StatusBadge(card);
    line->addWidget(tile.figure);
    line->addWidget(tile.badge, 0, Qt::AlignVCenter);
    line->addStretch(1);
    card->body()->addLayout(line);
    tile.detail = widgets::label({}, "muted", card);
    tile.detail->setFont(theme::Theme::instance().small());
    tile.detail->setWordWrap(true);
    tile.detail->setMinimumHeight(32);
    tile.detail->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    card->body()->addWidget(tile.detail);
    auto* box = static_cast<QBoxLayout*>(&row);
    box->addWidget(card, 1);
    connect(card, &widgets::Card::clicked, this, [this, page] { emit pageWanted(page); });
    card->setClickable(title);
    return tile;
}

QWidget* OverviewPage::makeCharts() {
    auto* holder = new QWidget(this);
    auto* row = new QHBoxLayout(holder);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(14);
    auto* verdictCard = new widgets::Card(tr("Verdicts of the last probe"), this);
    m_verdicts = new widgets::RingChart(tr("Verdicts of the last probe"), verdictCard);
    verdictCard->body()->addWidget(m_verdicts, 1);
    auto* coverageCard = new widgets::Card(tr("Coverage over time"), this);
    m_coverage = new widgets::CoverageChart(tr("Coverage over time"), coverageCard);
    m_noCoverage = new widgets::EmptyState(QStringLiteral("flask"), coverageCard);
    m_coverageStack = new QStackedWidget(coverageCard);
    m_coverageStack->addWidget(m_noCoverage);
    m_coverageStack->addWidget(m_coverage);
    coverageCard->body()->addWidget(m_coverageStack, 1);
    row->addWidget(verdictCard, 5);
    row->addWidget(coverageCard, 6);
    return holder;
}

QWidget* OverviewPage::makeLower() {
    auto* holder = new QWidget(this);
    auto* row = new QHBoxLayout(holder);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(14);
    auto* findingCard = new widgets::Card(tr("Findings"), this);
    m_findingList = new QVBoxLayout;
    m_findingList->setSpacing(10);
    findingCard->body()->addLayout(m_findingList);
    findingCard->body()->addStretch(1);
    auto* factCard = new widgets::Card(tr("This installation"), this);
    m_facts = new widgets::Facts(factCard);
    factCard->body()->addWidget(m_facts);
    factCard->body()->addStretch(1);
    row->addWidget(findingCard, 5);
    row->addWidget(factCard, 6);
    return holder;
}

void OverviewPage::refresh() {
    m_session.installation().poke();
    m_session.inventory().poke();
}

void OverviewPage::schedule() {
    if (!m_soon.isActive()) {
        m_soon.start();
    }
}

void OverviewPage::fill() {
    const auto& installation = m_session.installation().value();
    const auto& inventory = m_session.inventory().value();
    const OverviewData data =
        overviewOf(installation.get(), inventory.get(), m_session.models().objects(),
                   m_session.passthroughModels().objects(), m_session.keys().objects(), m_session.probeRuns().objects(),
                   m_session.packs().objects(), m_session.clock().now());
    if (data.notes.isEmpty()) {
        m_notes->clear();
    } else {
        m_notes->show(theme::Tone::Warn, data.notes.join(QLatin1Char('\n')));
    }
    fillTiles(data);
    fillFindings(data);
    fillFacts(data);
    int total = 0;
    for (const auto& slice : data.verdicts) {
        total += slice.count;
    }
    const bool known = m_session.probeRuns().loaded();
    m_verdicts->setSlices(data.verdicts, total > 0 ? QLocale().toString(total) : QStringLiteral("–"),
                          total > 0 ? tr("checks")
                          : known   ? tr("no probe yet")
                                    : tr("unknown"));
    if (known && m_session.packs().loaded()) {
        m_noCoverage->setText(tr("No probe has finished yet"),
                              tr("Coverage is the share of planned checks with a clear answer."));
    } else {
        m_noCoverage->setText(tr("Not known yet"), tr("The agent has not answered so far."));
    }
    m_coverage->setMoments(data.coverage);
    m_coverageStack->setCurrentIndex(data.coverage.isEmpty() ? 0 : 1);
}

void OverviewPage::fillTiles(const OverviewData& data) {
    const TimePoint now = m_session.clock().now();
    m_gateway.figure->setText(QString::number(data.endpoints));
    m_gateway.badge->setStatus(data.gatewayState, data.gatewayTone);
    m_gateway.detail->setText(!data.gatewayDetail.isEmpty()
                                  ? data.gatewayDetail
                                  : formatting::counted(data.endpoints, tr("one endpoint in the inventory"),
                                                        tr("%1 endpoints in the inventory")));

    m_models.figure->setText(data.models == 0 ? QStringLiteral("0")
                                              : QStringLiteral("%1/%2").arg(data.modelsReady).arg(data.models));
    const bool all = data.modelsReady == data.models;
    m_models.badge->setStatus(data.models == 0 ? tr("None")
                              : all            ? tr("Ready")
                                               : tr("Not ready"),
                              data.models == 0 ? theme::Tone::Neutral
                              : all            ? theme::Tone::Good
                                               : theme::Tone::Warn);
    m_models.detail->setText(data.models == 0 ? tr("Add one on the Models page")
                             : all            ? tr("Every model answers")
                                              : data.modelsNotReady.join(QStringLiteral(", ")));

    m_keys.figure->setText(QString::number(data.keys));
    m_keys.badge->setStatus(data.keysExpiring > 0 ? tr("%1 expiring").arg(data.keysExpiring) : QString(),
                            theme::Tone::Warn);
    m_keys.detail->setText(data.keys == 0          ? tr("No key opens a model")
                           : data.keysExpiring > 0 ? tr("within seven days")
                                                   : tr("None expires within seven days"));

    m_evidence.figure->setText(data.packCoverage < 0 ? QStringLiteral("–") : formatting::percent(data.packCoverage));
    m_evidence.badge->setStatus(data.packResult, data.packTone);
    m_evidence.detail->setText(
        data.packMadeAt ? tr("%1, coverage of %2").arg(formatting::ageInWords(*data.packMadeAt, now), data.packName)
                        : tr("Make a pack on the Evidence page"));

    const auto high = std::count_if(data.findings.begin(), data.findings.end(),
                                    [](const OpenFinding& f) { return f.tone == theme::Tone::Bad; });
    m_findings.figure->setText(QString::number(std::max(data.inventoryFindings, data.probeFindings)));
    m_findings.badge->setStatus(data.findings.isEmpty() ? tr("Clear")
                                : high > 0              ? tr("Serious")
                                                        : tr("Look"),
                                data.findings.isEmpty() ? theme::Tone::Good
                                : high > 0              ? theme::Tone::Bad
                                                        : theme::Tone::Warn);
    m_findings.detail->setText(
        data.findings.isEmpty() ? tr("Nothing is open that should not be")
        : data.probeFindings > 0
            ? tr("%1 in the inventory, %2 in the last probe").arg(data.inventoryFindings).arg(data.probeFindings)
            : data.findings.front().where);
    hideUnread();
}

void OverviewPage::hideUnread() {
    if (!m_session.models().loaded() || !m_session.passthroughModels().loaded()) {
        showUnknown(m_models);
    }
    if (!m_session.keys().loaded()) {
        showUnknown(m_keys);
    }
    if (!m_session.packs().loaded()) {
        showUnknown(m_evidence);
    }
    if (!m_session.inventory().value()) {
        showUnknown(m_findings);
    }
    if (!m_session.installation().value() || !m_session.inventory().value()) {
        showUnknown(m_gateway);
    }
}

void OverviewPage::showUnknown(const Tile& tile) {
    tile.figure->setText(QStringLiteral("–"));
    tile.badge->setStatus(tr("Unknown"), theme::Tone::Neutral);
    tile.detail->setText(tr("The agent has not answered yet"));
}

void OverviewPage::fillFindings(const OverviewData& data) {
    widgets::empty(*m_findingList);
    if (data.findings.isEmpty()) {
        m_findingList->addWidget(widgets::label(
            m_session.inventory().value() ? tr("None.") : tr("Not known yet: the agent has not answered."), "muted"));
        return;
    }
    for (int i = 0; i < std::min<int>(MostFindings, static_cast<int>(data.findings.size())); ++i) {
        const OpenFinding& finding = data.findings[i];
        auto* line = new QHBoxLayout;
        line->setSpacing(10);
        auto* badge = new widgets::StatusBadge;
        badge->setStatus(finding.severity, finding.tone);
        auto* words = new QVBoxLayout;
        words->setSpacing(1);
        QLabel* reason = widgets::label(finding.reason);
        reason->setWordWrap(true);
        words->addWidget(reason);
        QLabel* where = widgets::label(QStringLiteral("%1  ·  %2").arg(finding.where, finding.id), "muted");
        where->setFont(theme::Theme::instance().small());
        words->addWidget(where);
        line->addWidget(badge, 0, Qt::AlignTop);
        line->addLayout(words, 1);
        m_findingList->addLayout(line);
    }
    if (data.findings.size() > MostFindings) {
        m_findingList->addWidget(
            widgets::label(tr("and %1 more on the Endpoints page").arg(data.findings.size() - MostFindings), "muted"));
    }
}

void OverviewPage::fillFacts(const OverviewData& data) {
    m_facts->clear();
    m_facts->add(tr("Gateway"), data.gatewayUrl, true);
    m_facts->add(tr("Gateway CA"), data.gatewayCa, true);
    m_facts->add(tr("Signing key"), data.keyFingerprint, true);
    m_facts->add(tr("Agent"),
                 data.agentVersion.isEmpty()
                     ? QString()
                     : tr("%1 at %2").arg(data.agentVersion, formatting::toQt(m_session.client()->server())));
    m_facts->add(tr("Envoy"), data.envoyVersion);
    if (data.startedAt) {
        m_facts->add(tr("Running since"),
                     tr("%1 (%2)").arg(formatting::dateTime(*data.startedAt),
                                       formatting::ageInWords(*data.startedAt, m_session.clock().now())));
    }
}

} // namespace gatehouse::pages
