#pragma once

#include "app/dialogs/DialogFrame.h"

namespace gatehouse::dialogs {

/// What would be stored, against what is stored now, before it is applied.
class DiffDialog : public DialogFrame {
    Q_OBJECT
public:
    DiffDialog(const QString& name, const QStringList& lines, QWidget* parent);
};

} // namespace gatehouse::dialogs
