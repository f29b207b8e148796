#include "app/dialogs/DialogFrame.h"

#include "app/widgets/Banner.h"
#include "app/widgets/Layouts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace gatehouse::dialogs {

DialogFrame::DialogFrame(const QString& title, const QString& text, QWidget* parent)
    : QDialog(parent),
      m_body(new QVBoxLayout),
      m_buttons(new QHBoxLayout),
      m_banner(new widgets::Banner(this)) {
    setWindowTitle(title);
    setAccessibleName(title);
    setMinimumWidth(480);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 20, 24, 20);
    layout->setSpacing(12);
    layout->addWidget(widgets::heading(title, this));
    if (!text.isEmpty()) {
        QLabel* words = widgets::label(text, "muted", this);
        words->setWordWrap(true);
        layout->addWidget(words);
    }
    layout->addWidget(m_banner);
    m_body->setSpacing(10);
    layout->addLayout(m_body, 1);
    layout->addSpacing(4);
    m_buttons->setSpacing(8);
    m_buttons->addStretch(1);
    layout->addLayout(m_buttons);
}

} // namespace gatehouse::dialogs
