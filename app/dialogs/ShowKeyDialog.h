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
    ShowKeyDialog(const QString& title, const QString& clientId, Secret value, QWidget* parent);

    /// Escape and the window's own close button end it only once the value was copied or shown: nobody sees it again.
    void reject() override;
    void done(int result) override;

private:
    void copy();
    void toggle();

    Secret m_value;
    QLineEdit* m_field;
    QPushButton* m_show;
    QPushButton* m_copy;
    bool m_visible = false;
    bool m_taken = false;
};

} // namespace gatehouse::dialogs
