#pragma once

#include "core/local_store/StoreCore.h"
#include "core/object_store/Selector.h"

#include <deque>

namespace gatehouse::local_store {

/// What a list or watch is restricted to.
struct Filter {
    std::string nameSpace;
    LabelSelector labels;
    FieldSelector fields;

    [[nodiscard]] static Result<Filter> from(const std::string& nameSpace, const std::string& labelSelector,
                                             const std::string& fieldSelector);
    [[nodiscard]] bool matches(const Object& object) const;
};

/// A stretch of a list with what is needed to go on; `query.at` 0 takes the present.
struct ListStretch {
    std::vector<Object> items;
    std::int64_t at = 0;
    std::string lastNameSpace; ///< of the last row looked at
    std::string lastName;
    bool complete = false;
};

/// TooOld when the moment `query.at` is no longer kept.
[[nodiscard]] Result<ListStretch> readStretch(StoreCore& core, ListQuery query);
[[nodiscard]] Result<ObjectList> listObjects(StoreCore& core, const std::string& kind, const ListOptions& options);

/// Reads the event table forward. Holds at most one batch (256 events or 4 MiB) in memory; whoever reads too slowly
/// is told TooOld when the table has moved on.
class LocalWatch final : public Watch {
public:
    /// `after`: none begins with the present state as ADDED events.
    LocalWatch(std::shared_ptr<StoreCore> core, ResourceType type, Filter filter, std::optional<std::int64_t> after,
               bool bookmarks);
    [[nodiscard]] Result<std::optional<WatchEvent>> next(std::chrono::milliseconds patience,
                                                         std::stop_token stop) override;

private:
    [[nodiscard]] Result<void> fill();
    [[nodiscard]] Result<void> fillFromState();
    [[nodiscard]] Result<void> fillFromEvents();
    [[nodiscard]] Result<void> add(const EventRow& row);
    [[nodiscard]] std::optional<WatchEvent> bookmark();
    [[nodiscard]] WatchEvent taken();
    [[nodiscard]] tl::unexpected<Error> ended(Error error);

    std::shared_ptr<StoreCore> m_core;
    ResourceType m_type;
    std::string m_kind;
    Filter m_filter;
    std::int64_t m_position = 0; ///< everything up to here has been read
    bool m_listing = false;
    ListQuery m_listQuery;
    bool m_bookmarks = false;
    std::chrono::steady_clock::time_point m_lastSent;
    std::deque<WatchEvent> m_ready;
    std::optional<Error> m_over;
};

} // namespace gatehouse::local_store
