#include "app/pages/keys/KeysController.h"

#include "app/formatting/Text.h"
#include "app/jobs/RunThen.h"
#include "app/pages/keys/KeysModel.h"
#include "core/object_store/KnownKinds.h"

namespace gatehouse::pages {
namespace {

ObjectKey apiKeyOf(const QString& rowId) {
    const std::string text = formatting::toStd(rowId);
    const auto slash = text.find('/');
    return {kinds::ApiKey, text.substr(0, slash), slash == std::string::npos ? std::string() : text.substr(slash + 1)};
}

} // namespace

FormProblem problemOf(const MintForm& form) {
    if (form.model.trimmed().isEmpty()) {
        return {QStringLiteral("model"), KeysController::tr("Choose the model this key opens.")};
    }
    if (form.owner.trimmed().isEmpty()) {
        return {QStringLiteral("owner"), KeysController::tr("Say who answers for this key: a person or a team.")};
    }
    if (const QString expires = form.expires.trimmed(); !expires.isEmpty()) {
        if (const auto duration = parseDuration(formatting::toStd(expires)); !duration || duration->count() == 0) {
            return {QStringLiteral("expires"),
                    KeysController::tr("Write a duration such as 12h, 30d or 90d, or leave it empty.")};
        }
    }
    return {};
}

KeysController::KeysController(session::Session& session, QObject* parent)
    : QObject(parent),
      m_session(session),
      m_table(keyColumns(), session.clock()) {
    connect(&session.keys(), &session::ObjectFeed::changed, this, &KeysController::fill);
    connect(&session, &session::Session::aged, this, &KeysController::fill);
    fill();
}

void KeysController::fill() {
    QList<item_models::Row> rows;
    for (const auto& [name, object] : m_session.keys().objects()) {
        rows.append(keyRow(*object, m_session.clock().now()));
    }
    m_table.replace(QStringLiteral("keys"), rows);
    m_table.refreshAges();
}

QList<ModelChoice> KeysController::models() const {
    QList<ModelChoice> choices;
    for (const auto& [name, object] : m_session.models().objects()) {
        choices.append({formatting::toQt(object->name()), formatting::toQt(object->text("spec.model.name"))});
    }
    for (const auto& [name, object] : m_session.passthroughModels().objects()) {
        choices.append({formatting::toQt(object->name()), formatting::toQt(object->name())});
    }
    return choices;
}

void KeysController::mint(QObject* context, const MintForm& form, Minted done) {
    json::Object spec{{"model", formatting::toStd(form.model.trimmed())},
                      {"owner", formatting::toStd(form.owner.trimmed())}};
    const auto add = [&spec](const char* name, const QString& text) {
        if (!text.trimmed().isEmpty()) {
            spec[name] = formatting::toStd(text.trimmed());
        }
    };
    add("description", form.description);
    add("tenant", form.tenant);
    add("expires", form.expires);
    Object request(json::Object{{"apiVersion", "gatehouse.dev/v1alpha1"},
                                {"kind", "ApiKey"},
                                {"metadata", json::Object{{"generateName", "key-"}}},
                                {"spec", spec}});
    jobs::runThen(
        context,
        [client = m_session.client(), request](std::stop_token stop) { return client->mintKey(request, stop); },
        std::move(done));
}

void KeysController::rotate(QObject* context, const QString& rowId, const QString& grace, Minted done) {
    jobs::runThen(
        context,
        [client = m_session.client(), key = apiKeyOf(rowId), grace = formatting::toStd(grace)](std::stop_token stop) {
            return client->rotateKey(key, grace, stop);
        },
        std::move(done));
}

void KeysController::revoke(QObject* context, const QString& rowId, Finished done) {
    jobs::runThen(
        context,
        [client = m_session.client(), key = apiKeyOf(rowId)](std::stop_token stop) {
            return client->remove(key, stop);
        },
        std::move(done));
}

} // namespace gatehouse::pages
