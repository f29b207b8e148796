#pragma once

#include "app/dialogs/DialogFrame.h"
#include "app/pages/keys/KeysController.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace gatehouse::pages {

/// Asks for model, owner, description, tenant and expiry of a new key.
class MintKeyDialog : public dialogs::DialogFrame {
    Q_OBJECT
public:
    MintKeyDialog(const QList<ModelChoice>& models, QWidget* parent);
    void setBusy(bool busy);
    void showError(const Error& error);

signals:
    void wanted(const MintForm& form);

private:
    void tryIt();
    [[nodiscard]] MintForm form() const;
    void mark(const QString& field, const QString& problem);
    void addField(const QString& name, QWidget* field, const QString& help, const QString& id);

    QComboBox* m_model;
    QLineEdit* m_owner;
    QLineEdit* m_description;
    QLineEdit* m_tenant;
    QComboBox* m_expires;
    QPushButton* m_go;
    QHash<QString, QLabel*> m_help;
    QHash<QString, QString> m_helpText;
    QHash<QString, QWidget*> m_fields;
};

} // namespace gatehouse::pages
