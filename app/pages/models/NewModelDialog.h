#pragma once

#include "app/dialogs/DialogFrame.h"
#include "app/pages/models/ModelsController.h"

namespace gatehouse::pages {

/// A new model from a template.
class NewModelDialog : public dialogs::DialogFrame {
    Q_OBJECT
public:
    NewModelDialog(ModelsController& controller, QWidget* parent);

signals:
    void created(const QString& rowId, const QString& name);
};

} // namespace gatehouse::pages
