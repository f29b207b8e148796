#include "core/local_store/GarbageCollector.h"

#include "core/logging/Log.h"

namespace gatehouse::local_store {
namespace {

constexpr std::chrono::seconds Idle{60};
constexpr std::chrono::seconds RetryPause{1};

/// Deletes the object if its owners are all gone; drops the references to those that are, if only some are.
Result<WritePlan> planCollection(SqlConnection& connection, const RowKey& key, const std::string& now) {
    auto live = readObject(connection, key);
    if (!live || !*live) {
        return live ? Result<WritePlan>(WritePlan()) : failure(live.error());
    }
    const json::Value* owners = (*live)->at("metadata.ownerReferences");
    if (owners == nullptr || !owners->is_array() || owners->get_array().empty()) {
        return WritePlan();
    }
    std::size_t present = 0;
    for (const json::Value& owner : owners->get_array()) {
        const auto there = hasUid(connection, json::text(owner, "uid"), key.nameSpace);
        if (!there) {
            return failure(there.error());
        }
        present += *there ? 1 : 0;
    }
    if (present == owners->get_array().size()) {
        return WritePlan();
    }
    if (present == 0) {
        return planRemoval(key, **live, now);
    }
    Object next = withoutOwners(**live, [&](const json::Value& owner) {
        const auto there = hasUid(connection, json::text(owner, "uid"), key.nameSpace);
        return there && !*there;
    });
    return WritePlan{{{key, **live, next}}, next};
}

} // namespace

void GarbageCollector::start() {
    push({.isOwner = true});
    m_thread = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

void GarbageCollector::stop() {
    m_thread.request_stop();
    m_wake.notify_all();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void GarbageCollector::ownerRemoved(const std::string& uid) {
    push({.isOwner = true, .uid = uid});
}

void GarbageCollector::owned(const RowKey& key) {
    push({.key = key});
}

void GarbageCollector::push(Task task) {
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    m_wake.notify_one();
}

void GarbageCollector::serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        std::optional<Task> task;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait_for(lock, stop, Idle, [this] { return !m_tasks.empty(); });
            if (!m_tasks.empty()) {
                task = std::move(m_tasks.front());
                m_tasks.pop_front();
            }
        }
        if (stop.stop_requested()) {
            return;
        }
        const Result<void> done = task ? perform(*task) : m_core.compactNow();
        if (!done && task) {
            log::warning("dependents of deleted objects could not be removed yet",
                         {{"error", done.error().describe()}});
            std::unique_lock lock(m_mutex);
            m_tasks.push_front(std::move(*task));
            m_wake.wait_for(lock, stop, RetryPause, [] { return false; });
        }
    }
}

Result<void> GarbageCollector::perform(const Task& task) {
    if (task.isOwner) {
        auto keys = m_core.read<std::vector<RowKey>>(
            [&task](SqlConnection& connection) { return dependentsOf(connection, task.uid); });
        if (!keys) {
            return failure(keys.error());
        }
        for (RowKey& key : *keys) {
            push({.key = std::move(key)});
        }
        return {};
    }
    const std::string now = toRfc3339(m_core.clock().now());
    auto done =
        m_core.write([&](SqlConnection& connection) { return planCollection(connection, task.key, now); }, false);
    return done ? Result<void>() : failure(done.error());
}

WritePlan planRemoval(const RowKey& key, const Object& live, const std::string& now) {
    WritePlan plan;
    plan.answer = live;
    if (live.finalizers().empty()) {
        plan.changes.push_back({key, live, std::nullopt});
        return plan;
    }
    if (live.isBeingDeleted()) {
        return plan;
    }
    json::Object& metadata = plan.answer.metadata();
    metadata["deletionTimestamp"] = now;
    metadata["deletionGracePeriodSeconds"] = 0;
    if (live.generation() > 0) {
        metadata["generation"] = live.generation() + 1;
    }
    plan.changes.push_back({key, live, plan.answer});
    return plan;
}

Result<std::optional<Object>> readObject(SqlConnection& connection, const RowKey& key) {
    auto body = readBody(connection, key);
    if (!body || !*body) {
        return body ? Result<std::optional<Object>>(std::nullopt) : failure(body.error());
    }
    auto object = objectOf(**body);
    return object ? Result<std::optional<Object>>(std::move(*object)) : failure(object.error());
}

Object withoutOwners(const Object& object, const std::function<bool(const json::Value& owner)>& drop) {
    Object next = object;
    json::Array kept;
    const json::Value* owners = object.at("metadata.ownerReferences");
    if (owners != nullptr && owners->is_array()) {
        for (const json::Value& owner : owners->get_array()) {
            if (!drop(owner)) {
                kept.push_back(owner);
            }
        }
    }
    if (kept.empty()) {
        next.metadata().erase("ownerReferences");
    } else {
        next.metadata()["ownerReferences"] = std::move(kept);
    }
    return next;
}

} // namespace gatehouse::local_store
