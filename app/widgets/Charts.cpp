#include "app/widgets/Charts.h"

#include "app/formatting/Text.h"
#include "app/theme/Theme.h"
#include "app/widgets/Layouts.h"

#include <QAreaSeries>
#include <QChart>
#include <QChartView>
#include <QDateTime>
#include <QDateTimeAxis>
#include <QGraphicsLayout>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineSeries>
#include <QPieSeries>
#include <QScatterSeries>
#include <QVBoxLayout>
#include <QValueAxis>

namespace gatehouse::widgets {
namespace {

QChartView* makeView(QChart* chart, QWidget* parent) {
    auto* view = new QChartView(chart, parent);
    view->setRenderHint(QPainter::Antialiasing);
    view->setFrameShape(QFrame::NoFrame);
    view->setBackgroundBrush(Qt::NoBrush);
    view->setStyleSheet(QStringLiteral("background: transparent;"));
    chart->setBackgroundVisible(false);
    chart->legend()->hide();
    chart->setMargins({0, 0, 0, 0});
    chart->layout()->setContentsMargins(0, 0, 0, 0);
    return view;
}

} // namespace

RingChart::RingChart(const QString& accessibleName, QWidget* parent)
    : QWidget(parent),
      m_name(accessibleName),
      m_chart(new QChart),
      m_view(makeView(m_chart, this)),
      m_middle(new QLabel(this)),
      m_legend(new QGridLayout) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(20);
    m_view->setFixedSize(168, 168);
    m_middle->setParent(m_view);
    m_middle->setGeometry(0, 0, 168, 168);
    m_middle->setAlignment(Qt::AlignCenter);
    m_middle->setTextFormat(Qt::RichText);
    m_middle->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_legend->setHorizontalSpacing(12);
    m_legend->setVerticalSpacing(6);
    m_legend->setColumnStretch(1, 1);
    layout->addWidget(m_view);
    auto* right = new QVBoxLayout;
    right->addStretch(1);
    right->addLayout(m_legend);
    right->addStretch(1);
    layout->addLayout(right, 1);
    connect(&theme::Theme::instance(), &theme::Theme::changed, this, &RingChart::rebuild);
}

void RingChart::setSlices(const QList<Slice>& slices, const QString& middle, const QString& under) {
    m_slices = slices;
    m_middleText = middle;
    m_underText = under;
    rebuild();
}

void RingChart::rebuild() {
    const theme::Theme& theme = theme::Theme::instance();
    m_chart->removeAllSeries();
    auto* ring = new QPieSeries;
    ring->setHoleSize(0.66);
    ring->setPieSize(0.98);
    int total = 0;
    for (const Slice& slice : m_slices) {
        total += slice.count;
        if (slice.count == 0) {
            continue;
        }
        auto* part = ring->append(slice.name, slice.count);
        part->setBrush(theme.strong(slice.tone));
        part->setPen(QPen(theme.colors().surface, 2));
        part->setLabelVisible(false);
    }
    if (total == 0) {
        auto* part = ring->append(QString(), 1);
        part->setBrush(theme.colors().neutralSoft);
        part->setPen(Qt::NoPen);
    }
    m_chart->addSeries(ring);
    m_middle->setText(QStringLiteral("<div style='font-size:24px;font-weight:600;color:%1'>%2</div><div "
                                     "style='font-size:12px;color:%3'>%4</div>")
                          .arg(theme.colors().text.name(), m_middleText.toHtmlEscaped(), theme.colors().muted.name(),
                               m_underText.toHtmlEscaped()));
    empty(*m_legend);
    QStringList said;
    int row = 0;
    for (const Slice& slice : m_slices) {
        auto* dot = new QLabel(this);
        dot->setFixedSize(10, 10);
        dot->setStyleSheet(QStringLiteral("background:%1;border-radius:5px;").arg(theme.strong(slice.tone).name()));
        m_legend->addWidget(dot, row, 0, Qt::AlignVCenter);
        m_legend->addWidget(label(slice.name, slice.count == 0 ? "faint" : nullptr, this), row, 1);
        QLabel* number = label(QLocale().toString(slice.count), slice.count == 0 ? "faint" : nullptr, this);
        QFont bold = number->font();
        bold.setWeight(QFont::DemiBold);
        number->setFont(bold);
        m_legend->addWidget(number, row++, 2, Qt::AlignRight);
        said.append(QStringLiteral("%1: %2").arg(slice.name).arg(slice.count));
    }
    setAccessibleName(m_name + QStringLiteral(": ") + said.join(QStringLiteral(", ")));
}

CoverageChart::CoverageChart(const QString& accessibleName, QWidget* parent)
    : QWidget(parent),
      m_name(accessibleName),
      m_chart(new QChart),
      m_view(makeView(m_chart, this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view);
    m_view->setMinimumHeight(168);
    connect(&theme::Theme::instance(), &theme::Theme::changed, this, &CoverageChart::rebuild);
}

void CoverageChart::setMoments(const QList<Moment>& moments) {
    m_moments = moments;
    rebuild();
}

void CoverageChart::rebuild() {
    const theme::Colors& colors = theme::Theme::instance().colors();
    m_chart->removeAllSeries();
    for (QAbstractAxis* axis : m_chart->axes()) {
        m_chart->removeAxis(axis);
        delete axis;
    }
    if (m_moments.isEmpty()) {
        setAccessibleName(m_name);
        return;
    }
    auto* upper = new QLineSeries;
    auto* points = new QScatterSeries;
    double lowest = 1.0;
    for (const Moment& moment : m_moments) {
        const auto x = static_cast<double>(moment.secondsSinceEpoch) * 1000.0;
        upper->append(x, moment.ratio * 100.0);
        points->append(x, moment.ratio * 100.0);
        lowest = std::min(lowest, moment.ratio);
    }
    auto* lower = new QLineSeries;
    const double floor = lowest >= 0.9 ? 80.0 : std::max(0.0, std::floor(lowest * 10.0 - 1.0) * 10.0);
    for (const QPointF& point : upper->points()) {
        lower->append(point.x(), floor);
    }
    auto* area = new QAreaSeries(upper, lower);
    upper->setParent(area);
    lower->setParent(area);
    QColor fill = colors.accent;
    fill.setAlpha(38);
    area->setBrush(fill);
    area->setPen(Qt::NoPen);
    auto* line = new QLineSeries;
    line->append(upper->points());
    line->setPen(QPen(colors.accent, 2));
    points->setColor(colors.accent);
    points->setBorderColor(colors.surface);
    points->setMarkerSize(8);
    m_chart->addSeries(area);
    m_chart->addSeries(line);
    m_chart->addSeries(points);
    addAxes(floor);
    setAccessibleName(m_name + QStringLiteral(": ") + formatting::percent(m_moments.back().ratio));
}

void CoverageChart::addAxes(double floor) {
    const theme::Colors& colors = theme::Theme::instance().colors();
    auto* across = new QDateTimeAxis;
    const qint64 first = m_moments.front().secondsSinceEpoch;
    const qint64 last = m_moments.back().secondsSinceEpoch;
    const qint64 margin = std::max<qint64>((last - first) / 24, 120);
    across->setRange(QDateTime::fromSecsSinceEpoch(first - margin), QDateTime::fromSecsSinceEpoch(last + margin));
    across->setTickCount(4);
    across->setFormat(last - first > 2 * 86400 ? QStringLiteral("d MMM") : QStringLiteral("HH:mm"));
    auto* up = new QValueAxis;
    up->setRange(floor, 102);
    up->setTickType(QValueAxis::TicksDynamic);
    up->setTickAnchor(100);
    up->setTickInterval(floor >= 80 ? 10 : 25);
    up->setLabelFormat(QStringLiteral("%d %%"));
    for (QAbstractAxis* axis : QList<QAbstractAxis*>{across, up}) {
        axis->setLabelsColor(colors.muted);
        axis->setLabelsFont(theme::Theme::instance().small());
        axis->setGridLineColor(colors.border);
        axis->setLinePen(QPen(colors.border));
    }
    across->setGridLineVisible(false);
    m_chart->addAxis(across, Qt::AlignBottom);
    m_chart->addAxis(up, Qt::AlignLeft);
    for (QAbstractSeries* series : m_chart->series()) {
        series->attachAxis(across);
        series->attachAxis(up);
    }
}

} // namespace gatehouse::widgets
