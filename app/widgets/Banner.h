#pragma once

#include "app/theme/Tone.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace gatehouse::widgets {

/// One or two sentences across a page: what is wrong, what to do, and a button where there is something to press.
class Banner : public QFrame {
    Q_OBJECT
public:
    explicit Banner(QWidget* parent = nullptr);
    void show(theme::Tone tone, const QString& text, const QString& more = {}, const QString& action = {});
    void clear();

signals:
    void triggered();

private:
    void paintIcon();

    theme::Tone m_tone = theme::Tone::Info;
    QLabel* m_icon;
    QLabel* m_text;
    QPushButton* m_button;
};

} // namespace gatehouse::widgets
