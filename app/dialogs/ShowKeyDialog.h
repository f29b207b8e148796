#pragma once

#include "app/dialogs/DialogFrame.h"
#include "core/secrets/Secret.h"

class QLineEdit;
class QPushButton;

namespace gatehouse::dialogs {

/// Shows a new key once. Hidden until asked for; copying marks the clipboard as a secret and clears it after a minute.
class ShowKeyDialog : public DialogFrame {
    Q_OBJECT
public:
    /// @param value  not owned, must outlive the dialog
    ShowKeyDialog(const QString& title, const QString& clientId, const Secret& value, QWidget* parent);

private:
    void copy();
    void toggle();

    const Secret& m_value;
    QLineEdit* m_field;
    QPushButton* m_show;
    QPushButton* m_copy;
    bool m_visible = false;
};

} // namespace gatehouse::dialogs
