#include "app/pages/models/ModelsController.h"

#include "app/formatting/Text.h"
#include "app/jobs/RunThen.h"
#include "app/pages/models/ModelsModel.h"
#include "core/object_store/KnownKinds.h"

namespace gatehouse::pages {

ModelsController::ModelsController(session::Session& session, QObject* parent)
    : QObject(parent),
      m_session(session),
      m_table(modelColumns(), session.clock()) {
    connect(&session.models(), &session::ObjectFeed::changed, this, &ModelsController::fill);
    connect(&session.passthroughModels(), &session::ObjectFeed::changed, this, &ModelsController::fill);
    connect(&session, &session::Session::aged, &m_table, &item_models::RowModel::refreshAges);
    fill();
}

void ModelsController::fill() {
    for (session::ObjectFeed* feed : {&m_session.models(), &m_session.passthroughModels()}) {
        QList<item_models::Row> rows;
        for (const auto& [name, object] : feed->objects()) {
            rows.append(modelRow(*object));
        }
        m_table.replace(formatting::toQt(feed->type().kind), rows);
    }
    emit objectsChanged();
}

session::ObjectPtr ModelsController::object(const QString& rowId) const {
    const std::string key = formatting::toStd(rowId.section(QLatin1Char('/'), 1));
    const bool passthrough = rowId.startsWith(QLatin1String("Passthrough"));
    const auto& objects = passthrough ? m_session.passthroughModels().objects() : m_session.models().objects();
    const auto found = objects.find(key);
    return found == objects.end() ? nullptr : found->second;
}

int ModelsController::keysOf(const Object& model) const {
    int count = 0;
    for (const auto& [name, key] : m_session.keys().objects()) {
        count += key->text("spec.model") == model.name() && key->nameSpace() == model.nameSpace() ? 1 : 0;
    }
    return count;
}

void ModelsController::write(QObject* context, const Object& object, bool dryRun, Written done) {
    jobs::runThen(
        context,
        [client = m_session.client(), object, dryRun](std::stop_token stop) {
            return object.resourceVersion().empty() ? client->create(object, dryRun, stop)
                                                    : client->update(object, dryRun, stop);
        },
        std::move(done));
}

void ModelsController::remove(QObject* context, const QString& rowId, Finished done) {
    const session::ObjectPtr model = object(rowId);
    if (!model) {
        done(failure(ErrorKind::NotFound, "This model is already gone"));
        return;
    }
    const ResourceType type = model->kind() == "PassthroughModel" ? kinds::PassthroughModel : kinds::LLMModel;
    jobs::runThen(
        context,
        [client = m_session.client(), key = ObjectKey{type, model->nameSpace(), model->name()}](std::stop_token stop) {
            return client->remove(key, stop);
        },
        std::move(done));
}

} // namespace gatehouse::pages
