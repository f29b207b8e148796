#pragma once

#include "app/theme/Tone.h"

#include <QWidget>

class QPainter;

namespace gatehouse::widgets {

/// A rounded label that says a state in words and in colour.
class StatusBadge : public QWidget {
    Q_OBJECT
public:
    explicit StatusBadge(QWidget* parent = nullptr);
    void setStatus(const QString& text, theme::Tone tone);

    [[nodiscard]] QString text() const { return m_text; }

    [[nodiscard]] QSize sizeHint() const override;

    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    theme::Tone m_tone = theme::Tone::Neutral;
};

/// Draws a badge into `area`, left or right aligned; returns the space it took.
QRect paintBadge(QPainter& painter, const QRect& area, const QString& text, theme::Tone tone, bool right = false);

} // namespace gatehouse::widgets
