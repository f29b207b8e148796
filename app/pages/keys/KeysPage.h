#pragma once

#include "app/pages/Page.h"
#include "app/pages/keys/KeysController.h"

class QPushButton;

namespace gatehouse::widgets {
class Banner;
class DataTable;
} // namespace gatehouse::widgets

namespace gatehouse::pages {

/// The keys of this installation; mint, rotate, revoke.
class KeysPage : public Page {
    Q_OBJECT
public:
    explicit KeysPage(session::Session& session);

    QLineEdit* filterField() const override { return m_filter; }

    QList<Scene> scenes() override;

private:
    void mint();
    void rotate();
    void revoke();
    void showKey(session::MintedKey minted, const QString& title);
    void updateActions();
    void setWorking(bool working); ///< while the gateway is told, no second change of a key
    void showError(const Error& error);

    session::Session& m_session;
    KeysController m_controller;
    QLineEdit* m_filter;
    widgets::Banner* m_banner;
    widgets::DataTable* m_table;
    QPushButton* m_mint;
    QPushButton* m_rotate;
    QPushButton* m_revoke;
    bool m_working = false;
};

} // namespace gatehouse::pages
