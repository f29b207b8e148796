#pragma once

#include "app/dialogs/DialogFrame.h"

class QLineEdit;

namespace gatehouse::dialogs {

/// Asks why a pack is made.
class MakePackDialog : public DialogFrame {
    Q_OBJECT
public:
    explicit MakePackDialog(QWidget* parent);
    [[nodiscard]] QString reason() const;

private:
    QLineEdit* m_reason;
};

} // namespace gatehouse::dialogs
