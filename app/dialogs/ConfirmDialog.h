#pragma once

#include "app/dialogs/DialogFrame.h"

namespace gatehouse::dialogs {

/// Asks before something that cannot be taken back, and names what follows from it. With `typeToConfirm` the button
/// works only after that text was typed.
class ConfirmDialog : public DialogFrame {
    Q_OBJECT
public:
    ConfirmDialog(const QString& title, const QString& consequences, const QString& typeToConfirm,
                  const QString& action, QWidget* parent);
};

} // namespace gatehouse::dialogs
