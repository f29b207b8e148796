#include "app/pages/evidence/EvidenceController.h"

#include "app/formatting/Text.h"
#include "app/jobs/RunThen.h"
#include "app/pages/evidence/EvidenceModel.h"
#include "core/exporters/Exporters.h"
#include "core/files/Files.h"
#include "core/http/HttpClient.h"
#include "core/object_store/KnownKinds.h"

#include <QTemporaryDir>

namespace gatehouse::pages {
namespace {

std::string packPath(const QString& rowId) {
    return "namespaces/" + http::percentEncode(formatting::toStd(rowId.section(QLatin1Char('/'), 0, 0))) +
           "/evidencepacks/" + http::percentEncode(formatting::toStd(rowId.section(QLatin1Char('/'), 1)));
}

Result<OpenedPack> readAndVerify(const std::filesystem::path& path, const std::filesystem::path& keyFile) {
    auto key = files::read(keyFile, 64U << 10);
    if (!key) {
        return failure(because("The public key that packs are checked with cannot be read", std::move(key.error())));
    }
    auto verification = signing::verifyPack(path, {*key});
    if (!verification) {
        return failure(std::move(verification.error()));
    }
    OpenedPack opened;
    opened.verification = std::move(*verification);
    auto content = exporters::readPack(path);
    if (content) {
        opened.files = std::move(*content);
    } else if (opened.verification.valid) {
        return failure(std::move(content.error()));
    }
    return opened;
}

} // namespace

EvidenceController::EvidenceController(session::Session& session, QObject* parent)
    : QObject(parent),
      m_session(session),
      m_table(packColumns(), session.clock()) {
    connect(&session.packs(), &session::ObjectFeed::changed, this, &EvidenceController::fill);
    connect(&session, &session::Session::aged, &m_table, &item_models::RowModel::refreshAges);
    fill();
}

void EvidenceController::fill() {
    QList<item_models::Row> rows;
    for (const auto& [name, object] : m_session.packs().objects()) {
        rows.append(packRow(*object));
    }
    m_table.replace(QStringLiteral("packs"), rows);
    emit packsChanged();
}

session::ObjectPtr EvidenceController::pack(const QString& rowId) const {
    const auto& objects = m_session.packs().objects();
    const auto found = objects.find(formatting::toStd(rowId));
    return found == objects.end() ? nullptr : found->second;
}

session::ObjectPtr EvidenceController::inProgress() const {
    for (const auto& [name, object] : m_session.packs().objects()) {
        if (packIsBeingMade(*object)) {
            return object;
        }
    }
    return nullptr;
}

QString EvidenceController::publicKeyFile() const {
    const auto& installation = m_session.installation().value();
    return installation ? formatting::toQt(json::text(*installation, "publicKeyFile")) : QString();
}

void EvidenceController::make(QObject* context, const QString& reason, Finished done) {
    json::Object spec;
    if (!reason.trimmed().isEmpty()) {
        spec["reason"] = formatting::toStd(reason.trimmed());
    }
    Object pack(json::Object{{"apiVersion", "gatehouse.dev/v1alpha1"},
                             {"kind", "EvidencePack"},
                             {"metadata", json::Object{{"generateName", "pack-"}}},
                             {"spec", spec}});
    jobs::runThen(
        context,
        [client = m_session.client(), pack](std::stop_token stop) { return client->create(pack, false, stop); },
        [done = std::move(done)](Result<Object> made) {
            done(made ? Result<void>() : failure(std::move(made.error())));
        });
}

void EvidenceController::verify(QObject* context, const QString& rowId, Verified done) {
    jobs::runThen(
        context,
        [client = m_session.client(),
         path = packPath(rowId) + "/verification"](std::stop_token stop) -> Result<signing::VerifyResult> {
            auto answer = client->getJson(path, stop);
            return answer ? Result<signing::VerifyResult>(verificationOf(*answer)) : failure(std::move(answer.error()));
        },
        std::move(done));
}

void EvidenceController::open(QObject* context, const QString& rowId, Opened done) {
    const std::string keyFile = formatting::toStd(publicKeyFile());
    jobs::runThen(
        context,
        [client = m_session.client(), path = packPath(rowId) + "/archive", rowId,
         keyFile](std::stop_token stop) -> Result<OpenedPack> {
            auto bytes = client->getBytes(path, stop);
            if (!bytes) {
                return failure(std::move(bytes.error()));
            }
            QTemporaryDir folder; // mode 0700, removed at the end of this function
            if (!folder.isValid()) {
                return failure(ErrorKind::Storage, "No temporary folder can be made",
                               "free some disk space in the folder for temporary files");
            }
            const auto zip = std::filesystem::path(formatting::toStd(folder.path())) / "pack.zip";
            if (auto written = files::writeAtomically(zip, *bytes, 0600); !written) {
                return failure(std::move(written.error()));
            }
            auto opened = readAndVerify(zip, keyFile);
            if (opened) {
                opened->title = rowId.section(QLatin1Char('/'), 1);
            }
            return opened;
        },
        std::move(done));
}

void EvidenceController::openLocal(QObject* context, const QString& path, const QString& keyFile, Opened done) {
    jobs::runThen(
        context,
        [path, keyFile](std::stop_token) -> Result<OpenedPack> {
            auto opened = readAndVerify(formatting::toStd(path), formatting::toStd(keyFile));
            if (opened) {
                opened->title = path;
            }
            return opened;
        },
        std::move(done));
}

void EvidenceController::save(QObject* context, const QString& rowId, const QString& target, Finished done) {
    jobs::runThen(
        context,
        [client = m_session.client(), path = packPath(rowId) + "/archive",
         target](std::stop_token stop) -> Result<void> {
            auto bytes = client->getBytes(path, stop);
            if (!bytes) {
                return failure(std::move(bytes.error()));
            }
            return files::writeAtomically(formatting::toStd(target), *bytes, 0644);
        },
        std::move(done));
}

} // namespace gatehouse::pages
