#pragma once

#include "app/dialogs/DialogFrame.h"

class QComboBox;

namespace gatehouse::dialogs {

/// Asks how long the old key keeps working.
class RotateKeyDialog : public DialogFrame {
    Q_OBJECT
public:
    RotateKeyDialog(const QString& clientId, QWidget* parent);
    [[nodiscard]] QString grace() const;

private:
    QComboBox* m_grace;
};

} // namespace gatehouse::dialogs
