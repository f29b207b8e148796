#pragma once

#include "app/item_models/RowModel.h"
#include "app/session/Session.h"

#include <QObject>
#include <functional>

namespace gatehouse::pages {

/// Keeps the model table up to date and carries out what the page asks for. GUI thread.
class ModelsController : public QObject {
    Q_OBJECT
public:
    explicit ModelsController(session::Session& session, QObject* parent = nullptr);

    using Written = std::function<void(Result<Object>)>;
    using Finished = std::function<void(Result<void>)>;

    [[nodiscard]] item_models::RowModel& table() { return m_table; }

    /// The object of a row as the agent last said; null if it is gone.
    [[nodiscard]] session::ObjectPtr object(const QString& rowId) const;
    [[nodiscard]] int keysOf(const Object& model) const;

    /// Creates (no resourceVersion) or updates; with dryRun the agent only says what it would store.
    void write(QObject* context, const Object& object, bool dryRun, Written done);
    void remove(QObject* context, const QString& rowId, Finished done);

signals:
    void objectsChanged();

private:
    void fill();

    session::Session& m_session;
    item_models::RowModel m_table;
};

} // namespace gatehouse::pages
