#include "core/local_store/Tables.h"

#include <algorithm>

namespace gatehouse::local_store {
namespace {

QString text(const std::string& value) {
    return QString::fromStdString(value);
}

QByteArray blob(const std::string& value) {
    return {value.data(), static_cast<qsizetype>(value.size())};
}

std::string textAt(const QSqlQuery& row, int column) {
    return row.value(column).toString().toStdString();
}

std::string blobAt(const QSqlQuery& row, int column) {
    return row.value(column).toByteArray().toStdString();
}

Result<void> ignoringCount(const Result<int>& done) {
    return done ? Result<void>() : failure(done.error());
}

constexpr const char* FirstSchema[] = {
    "CREATE TABLE store (id INTEGER PRIMARY KEY CHECK (id = 1), counter INTEGER NOT NULL, floor INTEGER NOT NULL)",
    "INSERT INTO store (id, counter, floor) VALUES (1, 0, 0)",
    "CREATE TABLE objects (kind TEXT NOT NULL, ns TEXT NOT NULL, name TEXT NOT NULL, uid TEXT NOT NULL UNIQUE, "
    "version INTEGER NOT NULL, body BLOB NOT NULL)",
    "CREATE UNIQUE INDEX objects_by_name ON objects (kind, ns, name)",
    "CREATE TABLE owners (owner TEXT NOT NULL, kind TEXT NOT NULL, ns TEXT NOT NULL, name TEXT NOT NULL, "
    "PRIMARY KEY (owner, kind, ns, name)) WITHOUT ROWID",
    "CREATE INDEX owners_by_dependent ON owners (kind, ns, name)",
    "CREATE TABLE events (version INTEGER PRIMARY KEY, kind TEXT NOT NULL, ns TEXT NOT NULL, name TEXT NOT NULL, "
    "type INTEGER NOT NULL, at INTEGER NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL, before BLOB)",
    "CREATE INDEX events_by_name ON events (kind, ns, name, version)",
    "CREATE INDEX events_by_kind ON events (kind, version)",
    "PRAGMA user_version = 1",
};

} // namespace

Result<void> migrate(SqlConnection& connection, const std::string& file) {
    const auto found = connection.number("PRAGMA user_version");
    if (!found) {
        return failure(found.error());
    }
    const std::int64_t version = found->value_or(0);
    if (version > SchemaVersion) {
        return failure(ErrorKind::Unsupported,
                       file + " was written by a newer program (schema " + std::to_string(version) +
                           ", this one knows " + std::to_string(SchemaVersion) + ")",
                       "run that version of Gatehouse, or another data folder");
    }
    if (version == SchemaVersion) {
        return {};
    }
    if (auto begun = connection.run("BEGIN IMMEDIATE"); !begun) {
        return failure(begun.error());
    }
    for (const char* statement : FirstSchema) {
        if (auto done = connection.run(statement); !done) {
            (void)connection.run("ROLLBACK");
            return failure(because(file + " cannot be set up", done.error()));
        }
    }
    return ignoringCount(connection.run("COMMIT"));
}

Result<Position> readPosition(SqlConnection& connection) {
    std::optional<Position> position;
    auto done = connection.each("SELECT counter, floor FROM store WHERE id = 1", {}, [&](const QSqlQuery& row) {
        position = Position{row.value(0).toLongLong(), row.value(1).toLongLong()};
        return false;
    });
    if (!done) {
        return failure(done.error());
    }
    if (!position) {
        return failure(ErrorKind::Storage, "the store's counter is missing", "restore the store from a backup");
    }
    return *position;
}

Result<void> writeCounter(SqlConnection& connection, std::int64_t counter) {
    return ignoringCount(
        connection.run("UPDATE store SET counter = ? WHERE id = 1", {static_cast<qlonglong>(counter)}));
}

Result<std::optional<std::string>> readBody(SqlConnection& connection, const RowKey& key) {
    std::optional<std::string> body;
    auto done = connection.each("SELECT body FROM objects WHERE kind = ? AND ns = ? AND name = ?",
                                {text(key.kind), text(key.nameSpace), text(key.name)}, [&](const QSqlQuery& row) {
                                    body = blobAt(row, 0);
                                    return false;
                                });
    return done ? Result<std::optional<std::string>>(std::move(body)) : failure(done.error());
}

Result<bool> hasUid(SqlConnection& connection, const std::string& uid, const std::string& nameSpace) {
    const auto found =
        connection.number("SELECT 1 FROM objects WHERE uid = ? AND (ns = ? OR ns = '')", {text(uid), text(nameSpace)});
    return found ? Result<bool>(found->has_value()) : failure(found.error());
}

Result<void> writeObject(SqlConnection& connection, const RowKey& key, std::int64_t version, const std::string& uid,
                         const std::string& body, bool isNew) {
    const QVariantList where{text(key.kind), text(key.nameSpace), text(key.name)};
    if (isNew) {
        return ignoringCount(
            connection.run("INSERT INTO objects (kind, ns, name, uid, version, body) VALUES (?, ?, ?, ?, ?, ?)",
                           where + QVariantList{text(uid), static_cast<qlonglong>(version), blob(body)}));
    }
    return ignoringCount(
        connection.run("UPDATE objects SET version = ?, body = ? WHERE kind = ? AND ns = ? AND name = ?",
                       QVariantList{static_cast<qlonglong>(version), blob(body)} + where));
}

Result<void> dropObject(SqlConnection& connection, const RowKey& key) {
    return ignoringCount(connection.run("DELETE FROM objects WHERE kind = ? AND ns = ? AND name = ?",
                                        {text(key.kind), text(key.nameSpace), text(key.name)}));
}

Result<void> writeOwners(SqlConnection& connection, const RowKey& key, const std::vector<std::string>& owners) {
    const QVariantList where{text(key.kind), text(key.nameSpace), text(key.name)};
    auto done = ignoringCount(connection.run("DELETE FROM owners WHERE kind = ? AND ns = ? AND name = ?", where));
    for (const std::string& owner : owners) {
        if (done) {
            done =
                ignoringCount(connection.run("INSERT OR IGNORE INTO owners (owner, kind, ns, name) VALUES (?, ?, ?, ?)",
                                             QVariantList{text(owner)} + where));
        }
    }
    return done;
}

Result<std::vector<RowKey>> dependentsOf(SqlConnection& connection, const std::string& owner) {
    std::vector<RowKey> keys;
    const auto take = [&](const QSqlQuery& row) {
        keys.push_back({textAt(row, 0), textAt(row, 1), textAt(row, 2)});
        return true;
    };
    auto done = owner.empty()
                    ? connection.each("SELECT DISTINCT kind, ns, name FROM owners", {}, take)
                    : connection.each("SELECT kind, ns, name FROM owners WHERE owner = ?", {text(owner)}, take);
    return done ? Result<std::vector<RowKey>>(std::move(keys)) : failure(done.error());
}

Result<std::vector<ListedRow>> readList(SqlConnection& connection, const ListQuery& query) {
    // The state at version `at`: rows unchanged since, and for what changed later the state before its first change.
    constexpr const char* statement =
        "SELECT ns, name, body FROM objects WHERE kind = ? AND version <= ? AND (? = '' OR ns = ?) "
        "AND (ns, name) > (?, ?) "
        "UNION ALL "
        "SELECT e.ns, e.name, e.before FROM events e WHERE e.kind = ? AND e.version > ? AND (? = '' OR e.ns = ?) "
        "AND (e.ns, e.name) > (?, ?) AND e.before IS NOT NULL AND e.version = (SELECT min(f.version) FROM events f "
        "WHERE f.kind = e.kind AND f.ns = e.ns AND f.name = e.name AND f.version > ?) "
        "ORDER BY 1, 2 LIMIT ?";
    const auto at = static_cast<qlonglong>(query.at);
    const QString nameSpace = text(query.nameSpace);
    const QVariantList range{text(query.kind),     at, nameSpace, nameSpace, text(query.afterNameSpace),
                             text(query.afterName)};
    std::vector<ListedRow> rows;
    auto done = connection.each(statement, range + range + QVariantList{at, query.count}, [&](const QSqlQuery& row) {
        rows.push_back({textAt(row, 0), textAt(row, 1), blobAt(row, 2)});
        return true;
    });
    return done ? Result<std::vector<ListedRow>>(std::move(rows)) : failure(done.error());
}

Result<void> writeEvent(SqlConnection& connection, const RowKey& key, const EventRow& event, std::int64_t nowMillis) {
    const QVariant before =
        event.before.empty() ? QVariant(QMetaType::fromType<QByteArray>()) : QVariant(blob(event.before));
    const auto size = static_cast<qlonglong>(event.body.size() + event.before.size());
    return ignoringCount(connection.run(
        "INSERT INTO events (version, kind, ns, name, type, at, size, body, before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {static_cast<qlonglong>(event.version), text(key.kind), text(key.nameSpace), text(key.name),
         static_cast<int>(event.type), static_cast<qlonglong>(nowMillis), size, blob(event.body), before}));
}

Result<std::vector<EventRow>> readEvents(SqlConnection& connection, const std::string& kind, std::int64_t after,
                                         int count, std::size_t bytes, bool& complete) {
    std::vector<EventRow> events;
    std::size_t used = 0;
    complete = true;
    auto done = connection.each(
        "SELECT version, type, body, before FROM events WHERE kind = ? AND version > ? ORDER BY version LIMIT ?",
        {text(kind), static_cast<qlonglong>(after), count}, [&](const QSqlQuery& row) {
            events.push_back({row.value(0).toLongLong(), static_cast<WatchEventType>(row.value(1).toInt()),
                              blobAt(row, 2), blobAt(row, 3)});
            used += events.back().body.size() + events.back().before.size();
            complete = used <= bytes;
            return complete;
        });
    complete = complete && static_cast<int>(events.size()) < count;
    return done ? Result<std::vector<EventRow>>(std::move(events)) : failure(done.error());
}

Result<void> compact(SqlConnection& connection, const EventLimits& limits, std::int64_t nowMillis) {
    const auto byAge = connection.number("SELECT max(version) FROM events WHERE at < ?",
                                         {static_cast<qlonglong>(nowMillis - limits.ageMillis)});
    const auto byCount = connection.number("SELECT version FROM events ORDER BY version DESC LIMIT 1 OFFSET ?",
                                           {static_cast<qlonglong>(limits.count)});
    const auto bySize = connection.number(
        "SELECT max(version) FROM (SELECT version, sum(size) OVER (ORDER BY version DESC) AS total FROM events) "
        "WHERE total > ?",
        {static_cast<qlonglong>(limits.bytes)});
    for (const auto* answer : {&byAge, &byCount, &bySize}) {
        if (!*answer) {
            return failure(answer->error());
        }
    }
    const std::int64_t cut = std::max({byAge->value_or(0), byCount->value_or(0), bySize->value_or(0)});
    if (cut == 0) {
        return {};
    }
    if (auto begun = connection.run("BEGIN IMMEDIATE"); !begun) {
        return failure(begun.error());
    }
    auto done = connection.run("DELETE FROM events WHERE version <= ?", {static_cast<qlonglong>(cut)});
    if (done) {
        done = connection.run("UPDATE store SET floor = ? WHERE id = 1 AND floor < ?",
                              {static_cast<qlonglong>(cut), static_cast<qlonglong>(cut)});
    }
    if (done) {
        done = connection.run("COMMIT");
    }
    if (!done) {
        (void)connection.run("ROLLBACK");
    }
    return ignoringCount(done);
}

Result<std::vector<std::pair<std::string, std::int64_t>>> lastVersions(SqlConnection& connection) {
    std::vector<std::pair<std::string, std::int64_t>> versions;
    auto done = connection.each("SELECT kind, max(version) FROM events GROUP BY kind", {}, [&](const QSqlQuery& row) {
        versions.emplace_back(textAt(row, 0), row.value(1).toLongLong());
        return true;
    });
    if (!done) {
        return failure(done.error());
    }
    return versions;
}

} // namespace gatehouse::local_store
