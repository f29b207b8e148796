#pragma once

#include "core/local_store/StoreCore.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace gatehouse::local_store {

/// Removes objects whose owners are all gone, in the background, and old events once a minute. What a crash left
/// undone is found at the start, when every object that names owners is looked at.
class GarbageCollector {
public:
    explicit GarbageCollector(StoreCore& core) : m_core(core) {}

    void start();
    void stop();
    void ownerRemoved(const std::string& uid);
    void owned(const RowKey& key);

private:
    struct Task {
        bool isOwner = false;
        std::string uid; ///< of a removed owner; empty with isOwner: look at everything
        RowKey key;
    };

    void push(Task task);
    void serve(const std::stop_token& stop);
    [[nodiscard]] Result<void> perform(const Task& task);

    StoreCore& m_core;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Task> m_tasks;
    std::jthread m_thread;
};

/// The plan that deletes an object, or sets deletionTimestamp when finalizers hold it. Nothing to do when that is set.
[[nodiscard]] WritePlan planRemoval(const RowKey& key, const Object& live, const std::string& now);
/// The object at `key`; no value when there is none.
[[nodiscard]] Result<std::optional<Object>> readObject(SqlConnection& connection, const RowKey& key);
/// `object` without the owner references that `drop` picks.
[[nodiscard]] Object withoutOwners(const Object& object, const std::function<bool(const json::Value& owner)>& drop);

} // namespace gatehouse::local_store
