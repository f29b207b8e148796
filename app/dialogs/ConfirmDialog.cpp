#include "app/dialogs/ConfirmDialog.h"

#include "app/widgets/Layouts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::dialogs {

ConfirmDialog::ConfirmDialog(const QString& title, const QString& consequences, const QString& typeToConfirm,
                             const QString& action, QWidget* parent)
    : DialogFrame(title, consequences, parent) {
    QPushButton* cancel = widgets::button(tr("Cancel"), {}, nullptr, this);
    QPushButton* go = widgets::button(action, {}, "dangerSolid", this);
    buttons()->addWidget(cancel);
    buttons()->addWidget(go);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(go, &QPushButton::clicked, this, &QDialog::accept);
    go->setAutoDefault(false);
    cancel->setDefault(true);
    if (!typeToConfirm.isEmpty()) {
        auto* field = new QLineEdit(this);
        const QString ask = tr("Type %1 to confirm").arg(typeToConfirm);
        field->setAccessibleName(ask);
        body()->addWidget(widgets::label(ask, "caption", this));
        body()->addWidget(field);
        go->setEnabled(false);
        connect(field, &QLineEdit::textChanged, go,
                [go, typeToConfirm](const QString& text) { go->setEnabled(text == typeToConfirm); });
    }
}

} // namespace gatehouse::dialogs
