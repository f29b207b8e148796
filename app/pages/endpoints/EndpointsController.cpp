#include "app/pages/endpoints/EndpointsController.h"

#include "app/formatting/Text.h"
#include "app/jobs/RunThen.h"
#include "app/pages/endpoints/EndpointsModel.h"
#include "core/http/HttpClient.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>

namespace gatehouse::pages {
namespace {

std::string runPath(const QString& run) {
    return "namespaces/" + http::percentEncode(formatting::toStd(run.section(QLatin1Char('/'), 0, 0))) + "/proberuns/" +
           http::percentEncode(formatting::toStd(run.section(QLatin1Char('/'), 1)));
}

// Ids of transcripts are paths: their slashes stay slashes, everything else is encoded.
std::string encodedPath(const QString& path) {
    std::string encoded;
    for (const QString& part : path.split(QLatin1Char('/'))) {
        encoded += (encoded.empty() ? "" : "/") + http::percentEncode(formatting::toStd(part));
    }
    return encoded;
}

} // namespace

RunState runStateOf(const Object& run) {
    RunState state;
    state.name = formatting::toQt(run.nameSpace() + "/" + run.name());
    state.phase = formatting::toQt(run.text("status.phase", "Pending"));
    const json::Value value = run.value();
    state.done = json::number(value, "status.done");
    state.total = json::number(value, "status.total");
    if (json::at(value, "status.etaSeconds") != nullptr) {
        state.etaSeconds = json::number(value, "status.etaSeconds");
    }
    state.message = formatting::toQt(run.text("status.message"));
    return state;
}

EndpointsController::EndpointsController(session::Session& session, QObject* parent)
    : QObject(parent),
      m_session(session),
      m_table(endpointColumns(), session.clock()) {
    connect(&session.inventory(), &session::Poller::changed, this, &EndpointsController::fillInventory);
    connect(&session.probeRuns(), &session::ObjectFeed::changed, this, &EndpointsController::followRuns);
    connect(&session, &session::Session::connectionChanged, this, [this] {
        if (!m_session.lost()) {
            loadReport();
        }
    });
    connect(&session, &session::Session::aged, &m_table, &item_models::RowModel::refreshAges);
    fillInventory();
    followRuns();
}

void EndpointsController::fillInventory() {
    const auto& inventory = m_session.inventory().value();
    const json::Value* endpoints = inventory ? json::find(*inventory, "endpoints") : nullptr;
    if (endpoints == nullptr || !endpoints->is_array()) {
        return;
    }
    QList<item_models::Row> rows;
    for (const json::Value& endpoint : endpoints->get_array()) {
        rows.append(endpointRow(endpoint, m_report.get()));
    }
    m_table.replace(QStringLiteral("inventory"), rows);
    emit inventoryChanged();
}

QStringList EndpointsController::notInspected() const {
    QStringList lines;
    const auto& inventory = m_session.inventory().value();
    const json::Value* list = inventory ? json::find(*inventory, "notInspected") : nullptr;
    if (list != nullptr && list->is_array()) {
        for (const json::Value& one : list->get_array()) {
            lines.append(formatting::toQt(json::text(one, "resource")) + QStringLiteral(": ") +
                         formatting::toQt(json::text(one, "reason")));
        }
    }
    return lines;
}

QStringList EndpointsController::runs() const {
    QList<QPair<QString, QString>> dated;
    for (const auto& [key, run] : m_session.probeRuns().objects()) {
        dated.append({formatting::toQt(run->text("metadata.creationTimestamp")), formatting::toQt(key)});
    }
    std::sort(dated.begin(), dated.end(), std::greater<>());
    QStringList names;
    for (const auto& [date, name] : dated) {
        names.append(name);
    }
    return names;
}

QString EndpointsController::runTitle(const QString& run) const {
    const auto found = m_session.probeRuns().objects().find(formatting::toStd(run));
    if (found == m_session.probeRuns().objects().end()) {
        return run;
    }
    const auto made = formatting::timeOf(found->second->text("metadata.creationTimestamp"));
    return tr("%1  ·  %2")
        .arg(made ? formatting::dateTime(*made) : run,
             formatting::toQt(found->second->text("status.phase", "Pending")));
}

QString EndpointsController::shownRun() const {
    return m_chosen.isEmpty() ? m_newest.name : m_chosen;
}

void EndpointsController::chooseRun(const QString& run) {
    m_chosen = run == m_newest.name ? QString() : run;
    m_loadedVersion.clear();
    loadReport();
}

void EndpointsController::followRuns() {
    const QStringList names = runs();
    m_newest = {};
    if (!names.isEmpty()) {
        m_newest = runStateOf(*m_session.probeRuns().objects().at(formatting::toStd(names.front())));
    }
    emit runChanged();
    loadReport();
}

void EndpointsController::loadReport() {
    const auto& objects = m_session.probeRuns().objects();
    const auto found = objects.find(formatting::toStd(shownRun()));
    if (found == objects.end() || m_loading) {
        return;
    }
    const QString version = shownRun() + formatting::toQt(found->second->resourceVersion());
    if (version == m_loadedVersion || found->second->text("status.phase", "Pending") == "Pending") {
        return;
    }
    m_loading = true;
    jobs::runThen(
        this,
        [client = m_session.client(),
         path = runPath(shownRun()) + "/report"](std::stop_token stop) -> Result<probe::ProbeReport> {
            auto value = client->getJson(path, stop);
            return value ? probe::ProbeReport::fromJson(*value)
                         : Result<probe::ProbeReport>(failure(std::move(value.error())));
        },
        [this, version, run = shownRun()](Result<probe::ProbeReport> report) {
            m_loading = false;
            if (!report && report.error().kind != ErrorKind::NotFound) {
                return; // asked again when the run or the connection changes
            }
            m_loadedVersion = version;
            if (report) {
                m_reportedRun = run;
                m_report = std::make_shared<const probe::ProbeReport>(std::move(*report));
                fillInventory();
                emit reportChanged();
            }
            // While it ran, the run may have gone on or another one may have been chosen.
            loadReport();
        });
}

void EndpointsController::start(QObject* context, const QStringList& endpointNames, Finished done) {
    json::Array names;
    for (const QString& name : endpointNames) {
        names.emplace_back(formatting::toStd(name));
    }
    Object run(json::Object{{"apiVersion", "gatehouse.dev/v1alpha1"},
                            {"kind", "ProbeRun"},
                            {"metadata", json::Object{{"generateName", "probe-"}}},
                            {"spec", json::Object{{"endpoints", names}}}});
    m_chosen.clear();
    jobs::runThen(
        context, [client = m_session.client(), run](std::stop_token stop) { return client->create(run, false, stop); },
        [done = std::move(done)](Result<Object> made) {
            done(made ? Result<void>() : failure(std::move(made.error())));
        });
}

void EndpointsController::cancel(QObject* context, Finished done) {
    const std::string run = formatting::toStd(m_newest.name);
    const auto slash = run.find('/');
    if (slash == std::string::npos) {
        return;
    }
    const json::Value patch = json::Object{{"spec", json::Object{{"cancelled", true}}}};
    jobs::runThen(
        context,
        [client = m_session.client(), key = ObjectKey{kinds::ProbeRun, run.substr(0, slash), run.substr(slash + 1)},
         patch](std::stop_token stop) { return client->mergePatch(key, patch, stop); },
        [done = std::move(done)](Result<Object> answer) {
            done(answer ? Result<void>() : failure(std::move(answer.error())));
        });
}

void EndpointsController::transcript(QObject* context, const QString& id, Text done) {
    jobs::runThen(
        context,
        [client = m_session.client(), path = runPath(m_reportedRun.isEmpty() ? shownRun() : m_reportedRun) +
                                             "/transcripts/" + encodedPath(id)](std::stop_token stop) {
            return client->getBytes(path, stop);
        },
        std::move(done));
}

} // namespace gatehouse::pages
