#pragma once

#include "core/object_store/Object.h"

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace gatehouse {

/// Field manager of every write we make (design.md §5.4).
inline constexpr const char* FieldManager = "gatehouse";

struct ListOptions {
    std::string nameSpace;     ///< empty: all namespaces
    std::string labelSelector; ///< "a=b,c!=d,e in (x,y),f,!g"; empty selects everything
    std::string fieldSelector; ///< metadata.name= and metadata.namespace= only
    std::size_t limit = 0;     ///< 0: no paging
    std::string continueToken; ///< from the previous page; TooOld when it has expired
};

struct ObjectList {
    std::vector<Object> items;   ///< ordered by namespace, then name
    std::string resourceVersion; ///< watch from here to miss nothing
    std::string continueToken;   ///< empty on the last page
};

struct WatchOptions {
    std::string nameSpace;
    std::string labelSelector;
    std::string fieldSelector;
    std::string resourceVersion; ///< events after this version; empty: state as ADDED events first, then changes
    bool bookmarks = false;      ///< send a Bookmark now and then, so that a reconnect is cheap
};

enum class WatchEventType { Added, Modified, Deleted, Bookmark };

struct WatchEvent {
    WatchEventType type = WatchEventType::Added;
    Object object; ///< for Deleted: the last state, with the resourceVersion of the deletion
};

/// One running watch. Not thread-safe: one reader. Destroying it ends it.
class Watch {
public:
    virtual ~Watch() = default;
    /// The next event; no value when `patience` passed without one. Errors: TooOld (list again), Unreachable,
    /// Cancelled (a stop was asked for). After an error the watch is over.
    [[nodiscard]] virtual Result<std::optional<WatchEvent>> next(std::chrono::milliseconds patience,
                                                                 std::stop_token stop) = 0;
};

enum class PatchType { Merge /* RFC 7386 */, Json /* RFC 6902 */ };

struct WriteOptions {
    bool dryRun = false; ///< validate and answer as if written; write nothing
    std::string fieldManager = FieldManager;
};

struct ApplyOptions : WriteOptions {
    bool force = false; ///< take over fields that another manager owns; otherwise that is a Conflict naming them
};

struct Preconditions {
    std::string uid;             ///< empty: any
    std::string resourceVersion; ///< empty: any
};

struct DeleteOptions {
    Preconditions preconditions;
    bool dryRun = false;
    bool orphanDependents = false; ///< keep what is owned; the default deletes it in the background
};

/// The one door to state: Kubernetes' own contract, on SQLite here and on a real API server in a cluster.
///
/// resourceVersions are opaque and grow with every write of the store. generation grows when anything but metadata
/// and status changes. Writes of the main object ignore `status`; updateStatus ignores all but `status`. A delete of an
/// object with finalizers only sets deletionTimestamp; it goes when the last finalizer is removed. Objects whose
/// ownerReferences all name owners that are gone are deleted. A write that changes nothing keeps the resourceVersion
/// and sends no event.
///
/// Thread-safe. Every call may block on disk or network: never call it on the GUI thread.
class ObjectStore {
public:
    virtual ~ObjectStore() = default;

    [[nodiscard]] virtual Result<Object> get(const ObjectKey& key) = 0;
    [[nodiscard]] virtual Result<ObjectList> list(const ResourceType& type, const ListOptions& options) = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<Watch>> watch(const ResourceType& type,
                                                               const WatchOptions& options) = 0;

    /// AlreadyExists, Invalid. metadata.generateName is honoured.
    [[nodiscard]] virtual Result<Object> create(const Object& object, const WriteOptions& options = {}) = 0;
    /// Replaces. With metadata.resourceVersion set it must match (Conflict); NotFound if it does not exist.
    [[nodiscard]] virtual Result<Object> update(const Object& object, const WriteOptions& options = {}) = 0;
    [[nodiscard]] virtual Result<Object> updateStatus(const Object& object, const WriteOptions& options = {}) = 0;
    /// `subresource`: "" or "status".
    [[nodiscard]] virtual Result<Object> patch(const ObjectKey& key, PatchType type, const json::Value& patch,
                                               const std::string& subresource = {},
                                               const WriteOptions& options = {}) = 0;
    /// Server-side apply: creates or merges; fields this manager applied before and leaves out now are removed.
    [[nodiscard]] virtual Result<Object> apply(const Object& object, const ApplyOptions& options = {}) = 0;
    /// Returns the object as it was last (with deletionTimestamp if finalizers hold it).
    [[nodiscard]] virtual Result<Object> remove(const ObjectKey& key, const DeleteOptions& options = {}) = 0;
};

} // namespace gatehouse
