#pragma once

#include "app/theme/Tone.h"

#include <QList>
#include <QPair>
#include <QString>
#include <QWidget>

class QChart;
class QChartView;
class QLabel;
class QGridLayout;

namespace gatehouse::widgets {

struct Slice {
    QString name;
    int count = 0;
    theme::Tone tone = theme::Tone::Neutral;
};

/// Counts as a ring with the legend beside it, in numbers and words.
class RingChart : public QWidget {
    Q_OBJECT
public:
    explicit RingChart(const QString& accessibleName, QWidget* parent = nullptr);
    void setSlices(const QList<Slice>& slices, const QString& middle, const QString& under);

private:
    void rebuild();

    QString m_name;
    QList<Slice> m_slices;
    QString m_middleText;
    QString m_underText;
    QChart* m_chart;
    QChartView* m_view;
    QLabel* m_middle;
    QGridLayout* m_legend;
};

struct Moment {
    qint64 secondsSinceEpoch = 0;
    double ratio = 0; ///< 0 … 1
};

/// A ratio over time.
class CoverageChart : public QWidget {
    Q_OBJECT
public:
    explicit CoverageChart(const QString& accessibleName, QWidget* parent = nullptr);
    void setMoments(const QList<Moment>& moments);

private:
    void rebuild();
    /// For the series that are there; `floor` is the least percentage shown.
    void addAxes(double floor);

    QString m_name;
    QList<Moment> m_moments;
    QChart* m_chart;
    QChartView* m_view;
};

} // namespace gatehouse::widgets
