#pragma once

#include "app/item_models/RowModel.h"
#include "app/session/Session.h"

#include <QObject>
#include <functional>

namespace gatehouse::pages {

/// What the mint dialog asks for.
struct MintForm {
    QString model;
    QString owner;
    QString description;
    QString tenant;
    QString expires; ///< "30d"; empty: never
};

/// The first thing wrong with a form: which field ("model", "owner", "expires") and why; empty field when it is good.
struct FormProblem {
    QString field;
    QString text;
};

[[nodiscard]] FormProblem problemOf(const MintForm& form);

/// A model that keys can be made for.
struct ModelChoice {
    QString name; ///< CR name
    QString id;   ///< public model id
};

/// Keeps the key table up to date and carries out what the page asks for. GUI thread.
class KeysController : public QObject {
    Q_OBJECT
public:
    explicit KeysController(session::Session& session, QObject* parent = nullptr);

    using Minted = std::function<void(Result<session::MintedKey>)>;
    using Finished = std::function<void(Result<void>)>;

    [[nodiscard]] item_models::RowModel& table() { return m_table; }

    [[nodiscard]] QList<ModelChoice> models() const;

    void mint(QObject* context, const MintForm& form, Minted done);
    void rotate(QObject* context, const QString& rowId, const QString& grace, Minted done);
    void revoke(QObject* context, const QString& rowId, Finished done);

private:
    void fill();

    session::Session& m_session;
    item_models::RowModel m_table;
};

} // namespace gatehouse::pages
