#pragma once

#include <QDialog>

class QFormLayout;
class QHBoxLayout;
class QVBoxLayout;

namespace gatehouse::widgets {
class Banner;
}

namespace gatehouse::dialogs {

/// What all our dialogs look like: a heading, a body, a line for what went wrong, buttons at the bottom right.
class DialogFrame : public QDialog {
    Q_OBJECT
public:
    DialogFrame(const QString& title, const QString& text, QWidget* parent);

protected:
    [[nodiscard]] QVBoxLayout* body() const { return m_body; }

    [[nodiscard]] QHBoxLayout* buttons() const { return m_buttons; }

    [[nodiscard]] widgets::Banner* banner() const { return m_banner; }

private:
    QVBoxLayout* m_body;
    QHBoxLayout* m_buttons;
    widgets::Banner* m_banner;
};

} // namespace gatehouse::dialogs
