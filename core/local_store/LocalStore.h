#pragma once

#include "core/object_store/ObjectStore.h"
#include "core/time/Clock.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace gatehouse::local_store {

/// Decides on an object before it is stored, like a cluster's admission webhooks: answers it (with defaults filled in,
/// if any) or the reason to refuse it. Called inside the write, one call at a time: pure, fast, never calls the store.
/// `isStatus` when only the status is written.
using Admission = std::function<Result<Object>(Object object, bool isStatus)>;

struct LocalStoreSettings {
    std::int64_t eventCount = 20'000;       ///< how far back a watch may start: changes,
    std::int64_t eventBytes = 64LL << 20;   ///< their bytes,
    std::chrono::seconds eventAge{3600};    ///< and their age; whichever ends first
    std::chrono::seconds bookmarkEvery{30}; ///< on a quiet watch that asked for bookmarks
    /// For tests: called on the writer's thread before each step of a write, with the step's name.
    std::function<void(std::string_view step)> onStep = {};
};

/// The object store of one host: SQLite in a folder of its own (mode 0700, files 0600), write-ahead log, every write
/// one synced transaction. What a call has answered is on the disk; after kill -9 the file is whole and the write in
/// progress is there entirely or not at all.
///
/// One process holds a folder at a time. Objects are at most 1 MiB. resourceVersion is one counter for all kinds.
/// Namespaces need not be made. Kinds are those of KnownKinds.h; virtual ones are refused. Dependents of deleted
/// owners go shortly after them, on a thread of the store; an unfinished clean-up is taken up at the next start.
///
/// When the disk is full, writes fail with ErrorKind::Storage and change nothing; reads and watches go on.
/// Thread-safe. Watches may outlive the store: they then answer Unreachable.
class LocalStore final : public ObjectStore {
public:
    /// Opens or makes the store below `folder`. Storage: in use (the message names the pid), damaged, not writable.
    /// Unsupported: written by a newer program. `clock` must outlive the store; without `admission` everything that is
    /// well-formed is stored.
    [[nodiscard]] static Result<std::unique_ptr<LocalStore>> open(const std::filesystem::path& folder,
                                                                  const Clock& clock, Admission admission = {},
                                                                  LocalStoreSettings settings = {});
    ~LocalStore() override;

    [[nodiscard]] Result<Object> get(const ObjectKey& key) override;
    [[nodiscard]] Result<ObjectList> list(const ResourceType& type, const ListOptions& options) override;
    [[nodiscard]] Result<std::unique_ptr<Watch>> watch(const ResourceType& type, const WatchOptions& options) override;
    [[nodiscard]] Result<Object> create(const Object& object, const WriteOptions& options = {}) override;
    [[nodiscard]] Result<Object> update(const Object& object, const WriteOptions& options = {}) override;
    [[nodiscard]] Result<Object> updateStatus(const Object& object, const WriteOptions& options = {}) override;
    [[nodiscard]] Result<Object> patch(const ObjectKey& key, PatchType type, const json::Value& patch,
                                       const std::string& subresource = {}, const WriteOptions& options = {}) override;
    [[nodiscard]] Result<Object> apply(const Object& object, const ApplyOptions& options = {}) override;
    [[nodiscard]] Result<Object> remove(const ObjectKey& key, const DeleteOptions& options = {}) override;

    /// Forgets events beyond the limits now instead of within a minute.
    [[nodiscard]] Result<void> compactNow();

private:
    class Core;
    explicit LocalStore(std::shared_ptr<Core> core);
    std::shared_ptr<Core> m_core;
};

} // namespace gatehouse::local_store
