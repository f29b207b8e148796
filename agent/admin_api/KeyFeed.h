#pragma once

#include "agent/admin_api/Backend.h"
#include "core/object_store/ObjectStore.h"
#include "core/time/Clock.h"

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace gatehouse::admin_api {

/// The ApiKey object of a key; never with its value.
[[nodiscard]] Object toObject(const KeyView& key);
[[nodiscard]] const char* word(KeyState state);

/// Gives the virtual ApiKey kind what stored kinds have: resourceVersions, lists, and changes since a version, by
/// comparing what the backend lists now with what it listed before. Versions do not outlive the process; one from
/// before is TooOld. Thread-safe; the backend is asked at most once in `RefreshEvery`, whoever many watch.
class KeyFeed {
public:
    static constexpr std::chrono::milliseconds RefreshEvery{500};

    KeyFeed(Backend& backend, const Clock& clock);

    /// As things are now. Honours the namespace and metadata.name= of the options; BadRequest for other selectors.
    [[nodiscard]] Result<ObjectList> list(const ListOptions& options);
    [[nodiscard]] Result<Object> get(const std::string& nameSpace, const std::string& name);

    /// What changed after `version`, oldest first; `version` is moved on.
    [[nodiscard]] Result<std::vector<WatchEvent>> since(std::uint64_t& version, const WatchOptions& options);
    /// BadRequest for what is no number.
    [[nodiscard]] static Result<std::uint64_t> versionFrom(const std::string& resourceVersion);

private:
    using Key = std::pair<std::string, std::string>; ///< namespace, name

    struct Entry {
        std::string canonical; ///< without resourceVersion: what is compared
        Object object;
    };

    struct Change {
        std::uint64_t version;
        WatchEvent event;
    };

    [[nodiscard]] Result<void> refresh(bool evenIfFresh);
    void record(WatchEventType type, Object object);

    static constexpr std::size_t MaxChanges = 5000;

    Backend& m_backend;
    const Clock& m_clock;
    std::mutex m_mutex;
    std::map<Key, Entry> m_entries;
    std::deque<Change> m_changes;
    std::uint64_t m_version;
    std::uint64_t m_oldest; ///< watches may start here or later
    bool m_loaded = false;
    std::chrono::steady_clock::time_point m_refreshed{};
};

} // namespace gatehouse::admin_api
