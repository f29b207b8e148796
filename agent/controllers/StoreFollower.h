#pragma once

#include "core/object_store/ObjectStore.h"

#include <functional>
#include <thread>

namespace gatehouse::controllers {

/// Follows one kind: reports every object once at the start and after each relist, then every change. Lost watches are
/// taken up again where they ended, "too old" lists anew, other failures are retried with growing pauses and logged.
/// Runs on a thread of its own until it is destroyed.
class StoreFollower {
public:
    /// `object` is the last state; `gone` when it was deleted. A relist reports what vanished meanwhile only through
    /// `relisted`, so level-based consumers should look at the store, not count events.
    using Changed = std::function<void(const Object& object, bool gone)>;
    using Relisted = std::function<void(const std::vector<Object>& all)>;

    StoreFollower(ObjectStore& store, const ResourceType& type, Changed changed, Relisted relisted = {});

private:
    void follow(std::stop_token stop);
    [[nodiscard]] Result<std::string> relist();
    [[nodiscard]] Error watchFrom(std::string& resourceVersion, std::stop_token stop);

    ObjectStore& m_store;
    const ResourceType m_type;
    Changed m_changed;
    Relisted m_relisted;
    std::jthread m_thread; ///< last, so that it ends first
};

} // namespace gatehouse::controllers
