#pragma once

#include "core/local_store/LocalStore.h"
#include "core/local_store/ObjectRules.h"
#include "core/local_store/SqlThread.h"
#include "core/local_store/Tables.h"
#include "core/local_store/VersionHub.h"

#include <array>
#include <atomic>
#include <optional>
#include <vector>

namespace gatehouse::local_store {

/// One object's change inside a write.
struct Change {
    RowKey key;
    std::optional<Object> before; ///< none: created
    std::optional<Object> after;  ///< none: removed
};

/// What a write is to do, decided from what is in the store. `answer` goes to the caller with the resourceVersion that
/// the change of the same index got; with no changes it goes back as it is.
struct WritePlan {
    std::vector<Change> changes; ///< the caller's object first
    Object answer;
};

using Decide = std::function<Result<WritePlan>(SqlConnection& connection)>;

/// What the store, its watches and its garbage collector share: the connections, the hub, the rules of a write.
class StoreCore {
public:
    StoreCore(std::filesystem::path file, const Clock& clock, LocalStoreSettings settings);
    ~StoreCore();
    StoreCore(const StoreCore&) = delete;
    StoreCore& operator=(const StoreCore&) = delete;

    [[nodiscard]] Result<void> start();
    /// Ends the connections; every later call answers Unreachable.
    void close();

    /// Runs `decide` and writes what it planned, in one transaction on the writer's thread.
    [[nodiscard]] Result<Object> write(const Decide& decide, bool dryRun);
    [[nodiscard]] Result<void> compactNow();

    template <typename T>
    [[nodiscard]] Result<T> read(std::function<Result<T>(SqlConnection&)> work) {
        return m_readers[m_next++ % m_readers.size()]->call<T>(std::move(work));
    }

    /// Told of removed uids and of written objects that have owners, after the commit. Set before start().
    std::function<void(const std::string& removedUid)> onRemoved;
    std::function<void(const RowKey& key)> onOwned;

    [[nodiscard]] VersionHub& hub() { return m_hub; }

    [[nodiscard]] const Clock& clock() const { return m_clock; }

    [[nodiscard]] const LocalStoreSettings& settings() const { return m_settings; }

private:
    [[nodiscard]] Result<Object> transact(SqlConnection& connection, const Decide& decide, bool dryRun);
    [[nodiscard]] Result<void> perform(SqlConnection& connection, WritePlan& plan, std::int64_t& counter);
    [[nodiscard]] Result<void> performOne(SqlConnection& connection, Change& change, std::int64_t version);
    void announce(const WritePlan& plan, std::int64_t counter);
    void step(std::string_view name) const;

    std::filesystem::path m_file;
    const Clock& m_clock;
    LocalStoreSettings m_settings;
    VersionHub m_hub;
    std::unique_ptr<SqlThread> m_writer;
    std::array<std::unique_ptr<SqlThread>, 2> m_readers;
    std::atomic<unsigned> m_next{0};
    unsigned m_sinceCompaction = 0; ///< on the writer's thread
};

[[nodiscard]] std::int64_t millisOf(TimePoint time);
/// The object in a row's body. Integrity when it cannot be read, which only a damaged file can cause.
[[nodiscard]] Result<Object> objectOf(const std::string& body);
/// The version in a resourceVersion; BadRequest when it is not one of ours.
[[nodiscard]] Result<std::int64_t> versionOf(const std::string& resourceVersion);

} // namespace gatehouse::local_store
