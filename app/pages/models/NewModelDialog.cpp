#include "app/pages/models/NewModelDialog.h"

#include "app/formatting/Text.h"
#include "app/pages/models/YamlEditing.h"
#include "app/pages/models/YamlEditor.h"
#include "app/widgets/CodeView.h"
#include "app/widgets/Layouts.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::pages {

NewModelDialog::NewModelDialog(ModelsController& controller, QWidget* parent)
    : DialogFrame(tr("New model"), tr("Start from a template. Check asks the agent without changing anything."),
                  parent) {
    setMinimumSize(720, 600);
    auto* kind = new QComboBox(this);
    kind->setAccessibleName(tr("Template"));
    kind->addItem(tr("A model server of this host (LLMModel)"), QStringLiteral("LLMModel"));
    kind->addItem(tr("Models of an outside provider (PassthroughModel)"), QStringLiteral("PassthroughModel"));
    body()->addWidget(kind);
    auto* card = new QFrame(this);
    card->setObjectName(QStringLiteral("card"));
    auto* inner = new QVBoxLayout(card);
    inner->setContentsMargins(8, 0, 8, 8);
    auto* editor = new YamlEditor(controller, false, card);
    editor->setNew(modelTemplate(QStringLiteral("LLMModel")));
    inner->addWidget(editor);
    body()->addWidget(card, 1);
    QPushButton* close = widgets::button(tr("Close"), {}, nullptr, this);
    close->setAutoDefault(false);
    buttons()->addWidget(close);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(kind, &QComboBox::currentIndexChanged, this,
            [kind, editor] { editor->setNew(modelTemplate(kind->currentData().toString())); });
    connect(editor, &YamlEditor::applied, this, [this](const Object& object) {
        emit created(formatting::toQt(object.kind() + "/" + object.nameSpace() + "/" + object.name()),
                     formatting::toQt(object.name()));
        accept();
    });
}

} // namespace gatehouse::pages
