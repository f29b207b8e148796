#pragma once

#include "core/local_store/SqlConnection.h"
#include "core/object_store/ObjectStore.h"

#include <string>
#include <vector>

/// The tables of the store's file, one function a question.
///
/// `objects` holds the current state. `events` holds what happened since `floor`: each change with the object before
/// and after, so that a watch can start in the past and a paged list sees one moment. `owners` finds dependents.
/// A kind is its resource name ("secrets", "llmmodels.llm.nebari.dev"). Versions are the store's one counter.
namespace gatehouse::local_store {

inline constexpr int SchemaVersion = 1;

/// Creates the tables or brings older ones up to SchemaVersion. Unsupported when the file comes from a newer program.
[[nodiscard]] Result<void> migrate(SqlConnection& connection, const std::string& file);

struct Position {
    std::int64_t counter = 0; ///< version of the last write
    std::int64_t floor = 0;   ///< events up to here are gone
};

[[nodiscard]] Result<Position> readPosition(SqlConnection& connection);
[[nodiscard]] Result<void> writeCounter(SqlConnection& connection, std::int64_t counter);

struct RowKey {
    std::string kind;
    std::string nameSpace;
    std::string name;
};

[[nodiscard]] Result<std::optional<std::string>> readBody(SqlConnection& connection, const RowKey& key);
[[nodiscard]] Result<bool> hasUid(SqlConnection& connection, const std::string& uid, const std::string& nameSpace);
[[nodiscard]] Result<void> writeObject(SqlConnection& connection, const RowKey& key, std::int64_t version,
                                       const std::string& uid, const std::string& body, bool isNew);
[[nodiscard]] Result<void> dropObject(SqlConnection& connection, const RowKey& key);
[[nodiscard]] Result<void> writeOwners(SqlConnection& connection, const RowKey& key,
                                       const std::vector<std::string>& owners);
/// Keys of objects that name `owner` (a uid) as their owner; of all that have owners when it is empty.
[[nodiscard]] Result<std::vector<RowKey>> dependentsOf(SqlConnection& connection, const std::string& owner);

struct ListedRow {
    std::string nameSpace;
    std::string name;
    std::string body;
};

/// One stretch of a list, as of version `at`, after (afterNameSpace, afterName), ordered by both.
struct ListQuery {
    std::string kind;
    std::string nameSpace; ///< empty: all
    std::int64_t at = 0;
    std::string afterNameSpace;
    std::string afterName;
    int count = 500;
};

[[nodiscard]] Result<std::vector<ListedRow>> readList(SqlConnection& connection, const ListQuery& query);

struct EventRow {
    std::int64_t version = 0;
    WatchEventType type = WatchEventType::Added;
    std::string body;   ///< the object after the change; for Deleted its last state with the deletion's version
    std::string before; ///< empty for Added
};

[[nodiscard]] Result<void> writeEvent(SqlConnection& connection, const RowKey& key, const EventRow& event,
                                      std::int64_t nowMillis);
/// Events of a kind after a version, oldest first; stops at `count` or when the bodies exceed `bytes`.
/// `complete` tells whether that was all.
[[nodiscard]] Result<std::vector<EventRow>> readEvents(SqlConnection& connection, const std::string& kind,
                                                       std::int64_t after, int count, std::size_t bytes,
                                                       bool& complete);

struct EventLimits {
    std::int64_t count = 20'000;
    std::int64_t bytes = 64LL << 20;
    std::int64_t ageMillis = 3'600'000;
};

/// Removes the oldest events until the limits hold, in a transaction of its own.
[[nodiscard]] Result<void> compact(SqlConnection& connection, const EventLimits& limits, std::int64_t nowMillis);

/// The version of the last event of each kind, for the hub that wakes watches.
[[nodiscard]] Result<std::vector<std::pair<std::string, std::int64_t>>> lastVersions(SqlConnection& connection);

} // namespace gatehouse::local_store
