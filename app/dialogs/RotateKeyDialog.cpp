#include "app/dialogs/RotateKeyDialog.h"

#include "app/widgets/Layouts.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::dialogs {

RotateKeyDialog::RotateKeyDialog(const QString& clientId, QWidget* parent)
    : DialogFrame(
          tr("Rotate this key?"),
          tr("%1 gets a successor with the same owner, model and lifetime. The old key keeps working for the time "
             "below, so that its users can change over, and is refused after that.")
              .arg(clientId),
          parent),
      m_grace(new QComboBox(this)) {
    m_grace->addItem(tr("1 hour"), QStringLiteral("1h"));
    m_grace->addItem(tr("1 day"), QStringLiteral("1d"));
    m_grace->addItem(tr("7 days"), QStringLiteral("7d"));
    m_grace->addItem(tr("Not at all: end it now"), QStringLiteral("0s"));
    m_grace->setAccessibleName(tr("The old key keeps working for"));
    body()->addWidget(widgets::label(tr("The old key keeps working for"), "caption", this));
    body()->addWidget(m_grace);
    QPushButton* cancel = widgets::button(tr("Cancel"), {}, nullptr, this);
    QPushButton* go = widgets::button(tr("Rotate key"), {}, "primary", this);
    buttons()->addWidget(cancel);
    buttons()->addWidget(go);
    go->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(go, &QPushButton::clicked, this, &QDialog::accept);
}

QString RotateKeyDialog::grace() const {
    return m_grace->currentData().toString();
}

} // namespace gatehouse::dialogs
