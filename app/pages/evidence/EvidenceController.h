#pragma once

#include "app/item_models/RowModel.h"
#include "app/session/Session.h"
#include "core/signing/Signing.h"

#include <QObject>
#include <functional>

namespace gatehouse::pages {

/// A pack that was read and checked on this machine.
struct OpenedPack {
    QString title;
    signing::VerifyResult verification;
    evidence::Files files;
};

/// Keeps the list of packs up to date; makes, verifies, opens and saves them. GUI thread.
class EvidenceController : public QObject {
    Q_OBJECT
public:
    explicit EvidenceController(session::Session& session, QObject* parent = nullptr);

    using Finished = std::function<void(Result<void>)>;
    using Verified = std::function<void(Result<signing::VerifyResult>)>;
    using Opened = std::function<void(Result<OpenedPack>)>;

    [[nodiscard]] item_models::RowModel& table() { return m_table; }

    [[nodiscard]] session::ObjectPtr pack(const QString& rowId) const;
    /// The pack being made now, or null.
    [[nodiscard]] session::ObjectPtr inProgress() const;
    /// Public key file of this installation, where this machine can read it.
    [[nodiscard]] QString publicKeyFile() const;

    void make(QObject* context, const QString& reason, Finished done);
    /// The agent reads every byte of it again.
    void verify(QObject* context, const QString& rowId, Verified done);
    /// Fetches the archive and reads it here; checked here too if the key can be read.
    void open(QObject* context, const QString& rowId, Opened done);
    /// A pack folder or .zip of this machine, checked with a public key of this machine. No agent is asked.
    void openLocal(QObject* context, const QString& path, const QString& keyFile, Opened done);
    void save(QObject* context, const QString& rowId, const QString& target, Finished done);

signals:
    void packsChanged();

private:
    void fill();

    session::Session& m_session;
    item_models::RowModel m_table;
};

} // namespace gatehouse::pages
