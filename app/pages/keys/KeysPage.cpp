#include "app/pages/keys/KeysPage.h"

#include "app/dialogs/ConfirmDialog.h"
#include "app/dialogs/RotateKeyDialog.h"
#include "app/dialogs/ShowKeyDialog.h"
#include "app/formatting/Text.h"
#include "app/pages/PageFrame.h"
#include "app/pages/keys/MintKeyDialog.h"
#include "app/widgets/Banner.h"
#include "app/widgets/DataTable.h"
#include "app/widgets/EmptyState.h"
#include "app/widgets/Layouts.h"

#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::pages {

KeysPage::KeysPage(session::Session& session)
    : m_session(session),
      m_controller(session),
      m_filter(widgets::filterField(tr("Filter keys"), this)),
      m_banner(new widgets::Banner(this)),
      m_mint(widgets::button(tr("New key"), QStringLiteral("plus"), "primary", this)),
      m_rotate(widgets::button(tr("Rotate…"), QStringLiteral("rotate"), nullptr, this)),
      m_revoke(widgets::button(tr("Revoke…"), QStringLiteral("trash"), "danger", this)) {
    auto* nothing = new widgets::EmptyState(QStringLiteral("keys"));
    nothing->setText(tr("No keys yet"),
                     tr("A key lets one owner call one model. Its value is shown once, when it is made."));
    if (!session.readOnly()) {
        nothing->setAction(tr("New key"));
    }
    connect(nothing, &widgets::EmptyState::triggered, this, &KeysPage::mint);
    m_table = new widgets::DataTable(m_controller.table(), tr("Keys"), nothing, this);
    m_table->setFilterField(m_filter);
    m_table->setLoaded(session.keys().loaded());
    connect(&session.keys(), &session::ObjectFeed::changed, m_table, [this] { m_table->setLoaded(true); });
    m_table->setRowHeight(46);
    m_table->setSort(7, Qt::AscendingOrder);

    auto* layout = pageLayout(*this);
    layout->addWidget(pageHeader(tr("Keys"),
                                 tr("Who may call which model. Values are never stored and never shown again."),
                                 {m_rotate, m_revoke, m_mint}, this));
    layout->addWidget(m_banner);
    layout->addWidget(tableCard(m_filter, {}, m_table, this), 1);

    connect(m_mint, &QPushButton::clicked, this, &KeysPage::mint);
    connect(m_rotate, &QPushButton::clicked, this, &KeysPage::rotate);
    connect(m_revoke, &QPushButton::clicked, this, &KeysPage::revoke);
    connect(m_table, &widgets::DataTable::currentChanged, this, &KeysPage::updateActions);
    connect(m_table, &widgets::DataTable::selectionChanged, this, &KeysPage::updateActions);
    updateActions();
}

void KeysPage::updateActions() {
    const bool any = !m_working && !m_table->selectedIds().isEmpty() && !m_session.readOnly();
    m_rotate->setEnabled(any);
    m_revoke->setEnabled(any);
    m_mint->setEnabled(!m_session.readOnly());
    if (m_session.readOnly()) {
        m_mint->setToolTip(tr("The console was started with --read-only."));
    }
}

void KeysPage::setWorking(bool working) {
    m_working = working;
    updateActions();
}

void KeysPage::showError(const Error& error) {
    m_banner->show(theme::Tone::Bad, formatting::sentence(error), formatting::mend(error));
}

void KeysPage::showKey(session::MintedKey minted, const QString& title) {
    auto* dialog =
        new dialogs::ShowKeyDialog(title, formatting::toQt(minted.key.name()), std::move(minted.value), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void KeysPage::mint() {
    m_banner->clear();
    auto* dialog = new MintKeyDialog(m_controller.models(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &MintKeyDialog::wanted, this, [this, dialog](const MintForm& form) {
        dialog->setBusy(true);
        // The page is the context: a key that was made is shown even if the form was closed by then.
        const QPointer<MintKeyDialog> asked(dialog);
        m_controller.mint(this, form, [this, asked](Result<session::MintedKey> minted) {
            if (asked) {
                asked->setBusy(false);
            }
            if (!minted) {
                asked ? asked->showError(minted.error()) : showError(minted.error());
                return;
            }
            if (asked) {
                asked->accept();
            }
            showKey(std::move(*minted), tr("New key"));
        });
    });
    dialog->open();
}

void KeysPage::rotate() {
    const QString id = m_table->currentId();
    if (id.isEmpty()) {
        return;
    }
    m_banner->clear();
    auto* dialog = new dialogs::RotateKeyDialog(id.section(QLatin1Char('/'), 1), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, id] {
        setWorking(true);
        m_controller.rotate(this, id, dialog->grace(), [this](Result<session::MintedKey> minted) {
            setWorking(false);
            if (!minted) {
                showError(minted.error());
                return;
            }
            showKey(std::move(*minted), tr("Rotated key"));
        });
    });
    dialog->open();
}

void KeysPage::revoke() {
    const QString id = m_table->currentId();
    const item_models::Row* row = m_controller.table().row(id);
    if (row == nullptr) {
        return;
    }
    m_banner->clear();
    auto* dialog = new dialogs::ConfirmDialog(
        tr("Revoke this key?"),
        tr("%1 of %2 stops working at the gateway at once; requests that carry it get 401. This cannot be undone.")
            .arg(row->cells[0].text, row->cells[2].text),
        {}, tr("Revoke key"), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, id] {
        setWorking(true);
        m_controller.revoke(this, id, [this, id](Result<void> done) {
            setWorking(false);
            if (!done) {
                showError(done.error());
            } else {
                emit said(tr("%1 is revoked; the gateway refuses it.").arg(id.section(QLatin1Char('/'), 1)));
            }
        });
    });
    dialog->open();
}

QList<Scene> KeysPage::scenes() {
    return {{QStringLiteral("mint"), [this] { mint(); }}};
}

} // namespace gatehouse::pages
