#include "app/dialogs/ShowKeyDialog.h"

#include "app/formatting/Text.h"
#include "app/theme/Theme.h"
#include "app/widgets/Banner.h"
#include "app/widgets/Clipboard.h"
#include "app/widgets/Layouts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::dialogs {

ShowKeyDialog::ShowKeyDialog(const QString& title, const QString& clientId, Secret value, QWidget* parent)
    : DialogFrame(title,
                  tr("The gateway accepts this key now. Copy it to where it is used: it is not stored and cannot be "
                     "shown again."),
                  parent),
      m_value(std::move(value)),
      m_field(new QLineEdit(this)),
      m_show(widgets::button(tr("Show"), {}, "quiet", this)),
      m_copy(widgets::button(tr("Copy"), QStringLiteral("copy"), "primary", this)) {
    auto* box = new QFrame(this);
    box->setObjectName(QStringLiteral("secretBox"));
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(6, 6, 6, 6);
    m_field->setReadOnly(true);
    m_field->setFont(theme::Theme::instance().mono());
    m_field->setAccessibleName(tr("Key value, hidden"));
    row->addWidget(m_field, 1);
    row->addWidget(m_show);
    row->addWidget(m_copy);
    body()->addWidget(box);
    auto* facts = new widgets::Facts(this);
    facts->add(tr("Client id"), clientId, true);
    body()->addWidget(facts);
    body()->addWidget(widgets::label(tr("The clipboard is cleared 60 seconds after copying."), "faint", this));
    QPushButton* close = widgets::button(tr("I have copied it"), {}, nullptr, this);
    buttons()->addWidget(close);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_show, &QPushButton::clicked, this, &ShowKeyDialog::toggle);
    connect(m_copy, &QPushButton::clicked, this, &ShowKeyDialog::copy);
    setMinimumWidth(560);
    m_visible = true;
    toggle();
}

void ShowKeyDialog::reject() {
    if (m_taken) {
        DialogFrame::reject();
    } else {
        banner()->show(theme::Tone::Warn, tr("Copy or show the key first: it cannot be shown again."));
    }
}

void ShowKeyDialog::done(int result) {
    m_field->clear();
    m_value = Secret();
    DialogFrame::done(result);
}

void ShowKeyDialog::toggle() {
    m_visible = !m_visible;
    m_taken = m_taken || m_visible;
    m_field->setText(m_visible ? formatting::toQt(m_value.reveal()) : QString(35, QChar(0x2022)));
    m_field->setCursorPosition(0);
    m_field->setAccessibleName(m_visible ? tr("Key value") : tr("Key value, hidden"));
    m_show->setText(m_visible ? tr("Hide") : tr("Show"));
}

void ShowKeyDialog::copy() {
    widgets::copySecret(m_value);
    m_taken = true;
    m_copy->setText(QLatin1Char(' ') + tr("Copied"));
    m_copy->setAccessibleName(tr("Copied"));
}

} // namespace gatehouse::dialogs
