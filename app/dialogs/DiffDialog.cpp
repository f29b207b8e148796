#include "app/dialogs/DiffDialog.h"

#include "app/widgets/CodeView.h"
#include "app/widgets/Layouts.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::dialogs {

DiffDialog::DiffDialog(const QString& name, const QStringList& lines, QWidget* parent)
    : DialogFrame(tr("Apply these changes to %1?").arg(name),
                  tr("The agent has checked them. Lines with + are new, lines with − go away."), parent) {
    setMinimumSize(680, 440);
    auto* card = new QFrame(this);
    card->setObjectName(QStringLiteral("card"));
    auto* inner = new QVBoxLayout(card);
    inner->setContentsMargins(1, 1, 1, 1);
    auto* code = new widgets::CodeView(widgets::CodeView::Language::Diff, card);
    code->setReadOnly(true);
    code->setAccessibleName(tr("Changes"));
    code->setPlainText(lines.join(QLatin1Char('\n')));
    inner->addWidget(code);
    body()->addWidget(card, 1);
    QPushButton* cancel = widgets::button(tr("Keep editing"), {}, nullptr, this);
    QPushButton* go = widgets::button(tr("Apply"), {}, "primary", this);
    buttons()->addWidget(cancel);
    buttons()->addWidget(go);
    go->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(go, &QPushButton::clicked, this, &QDialog::accept);
}

} // namespace gatehouse::dialogs
