#include "core/local_store/SqlConnection.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <atomic>
#include <span>

namespace gatehouse::local_store {
namespace {

// SQLite's result codes, in the low byte of its extended ones.
constexpr int Busy = 5;
constexpr int ReadOnly = 8;
constexpr int InputOutput = 10;
constexpr int Corrupt = 11;
constexpr int Full = 13;
constexpr int CannotOpen = 14;
constexpr int NoDatabase = 26;

} // namespace

SqlConnection::SqlConnection(std::filesystem::path file, QString name)
    : m_file(std::move(file)),
      m_name(std::move(name)) {}

Result<std::unique_ptr<SqlConnection>> SqlConnection::open(const std::filesystem::path& file, Mode mode) {
    static std::atomic<unsigned> count{0};
    std::unique_ptr<SqlConnection> connection(
        new SqlConnection(file, QStringLiteral("gatehouse-store-%1").arg(++count)));
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection->m_name);
        if (!database.isValid()) {
            return failure(ErrorKind::Storage, "Qt's SQLite driver is missing",
                           "install the package libqt6sql6-sqlite");
        }
        database.setDatabaseName(QString::fromStdString(file.string()));
        database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
        if (!database.open()) {
            return failure(connection->errorOf(database.lastError()));
        }
    }
    // secure_delete: a deleted credential must not linger in free pages.
    constexpr const char* writer[] = {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA secure_delete=ON",
                                      "PRAGMA journal_size_limit=16777216"};
    constexpr const char* reader[] = {"PRAGMA query_only=ON"};
    const std::span<const char* const> settings =
        mode == Mode::Writer ? std::span<const char* const>(writer) : std::span<const char* const>(reader);
    for (const char* setting : settings) {
        if (auto done = connection->each(setting, {}, [](const QSqlQuery&) { return true; }); !done) {
            return failure(done.error());
        }
    }
    return connection;
}

SqlConnection::~SqlConnection() {
    m_statements.clear();
    QSqlDatabase::removeDatabase(m_name);
}

Result<int> SqlConnection::run(const char* statement, const QVariantList& values) {
    int changed = 0;
    auto query = prepared(statement);
    if (!query) {
        return failure(query.error());
    }
    for (int i = 0; i < values.size(); ++i) {
        (*query)->bindValue(i, values[i]);
    }
    if (!(*query)->exec()) {
        Error error = errorOf((*query)->lastError());
        (*query)->finish();
        return failure(std::move(error));
    }
    changed = (*query)->numRowsAffected();
    (*query)->finish();
    return changed;
}

Result<void> SqlConnection::each(const char* statement, const QVariantList& values,
                                 const std::function<bool(const QSqlQuery&)>& row) {
    auto query = prepared(statement);
    if (!query) {
        return failure(query.error());
    }
    for (int i = 0; i < values.size(); ++i) {
        (*query)->bindValue(i, values[i]);
    }
    bool going = (*query)->exec();
    const bool started = going;
    while (going && (*query)->next()) {
        going = row(**query);
    }
    const QSqlError error = (*query)->lastError();
    (*query)->finish();
    if (!started || error.isValid()) {
        return failure(errorOf(error));
    }
    return {};
}

Result<std::optional<std::int64_t>> SqlConnection::number(const char* statement, const QVariantList& values) {
    std::optional<std::int64_t> found;
    auto done = each(statement, values, [&](const QSqlQuery& row) {
        if (!row.isNull(0)) {
            found = row.value(0).toLongLong();
        }
        return false;
    });
    if (!done) {
        return failure(done.error());
    }
    return found;
}

Result<QSqlQuery*> SqlConnection::prepared(const char* statement) {
    std::unique_ptr<QSqlQuery>& query = m_statements[statement];
    if (query == nullptr) {
        auto fresh = std::make_unique<QSqlQuery>(QSqlDatabase::database(m_name, false));
        fresh->setForwardOnly(true);
        if (!fresh->prepare(QString::fromUtf8(statement))) {
            return failure(errorOf(fresh->lastError()));
        }
        query = std::move(fresh);
    }
    return query.get();
}

Error SqlConnection::errorOf(const QSqlError& error) const {
    const int code = error.nativeErrorCode().toInt() & 0xff;
    const std::string where = m_file.string();
    const std::string folder = m_file.parent_path().string();
    switch (code) {
    case Full:
        return makeError(ErrorKind::Storage, "the disk of " + where + " is full",
                         "free some space on the disk of " + folder);
    case InputOutput:
        return makeError(ErrorKind::Storage, "the disk of " + where + " cannot be read or written",
                         "look for a full or failing disk under " + folder);
    case ReadOnly:
    case CannotOpen:
        return makeError(ErrorKind::Storage, where + " cannot be opened for writing",
                         "give the user who runs this the right to write to " + folder);
    case Corrupt:
    case NoDatabase:
        return makeError(ErrorKind::Storage, where + " is damaged or no store at all",
                         "restore the file from a backup, or move it away to begin with an empty store");
    case Busy:
        return makeError(ErrorKind::Storage, where + " is held by another program", "end that program and try again");
    default:
        return makeError(ErrorKind::Storage, where + ": " + error.text().toStdString());
    }
}

} // namespace gatehouse::local_store
