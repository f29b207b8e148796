#include "app/dialogs/MakePackDialog.h"

#include "app/widgets/Layouts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::dialogs {

MakePackDialog::MakePackDialog(QWidget* parent)
    : DialogFrame(tr("Make a pack"),
                  tr("Every endpoint is probed with requests that must be refused, and with one that must pass. What "
                     "happened is recorded and signed."),
                  parent),
      m_reason(new QLineEdit(this)) {
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setPlaceholderText(tr("quarterly review, change 1234, …"));
    body()->addWidget(widgets::label(tr("Reason (shown in the list)"), "caption", this));
    body()->addWidget(m_reason);
    QPushButton* cancel = widgets::button(tr("Cancel"), {}, nullptr, this);
    QPushButton* go = widgets::button(tr("Make a pack"), {}, "primary", this);
    buttons()->addWidget(cancel);
    buttons()->addWidget(go);
    go->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(go, &QPushButton::clicked, this, &QDialog::accept);
}

QString MakePackDialog::reason() const {
    return m_reason->text();
}

} // namespace gatehouse::dialogs
