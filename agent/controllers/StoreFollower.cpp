#include "agent/controllers/StoreFollower.h"

#include "core/logging/Log.h"
#include "core/time/Pause.h"

#include <algorithm>

namespace gatehouse::controllers {
namespace {

constexpr auto FirstPause = std::chrono::milliseconds(200);
constexpr auto LongestPause = std::chrono::milliseconds(10'000);

} // namespace

StoreFollower::StoreFollower(ObjectStore& store, const ResourceType& type, Changed changed, Relisted relisted)
    : m_store(store),
      m_type(type),
      m_changed(std::move(changed)),
      m_relisted(std::move(relisted)),
      m_thread([this](std::stop_token stop) { follow(stop); }) {}

void StoreFollower::follow(std::stop_token stop) {
    auto pause = FirstPause;
    std::string resourceVersion;
    while (!stop.stop_requested()) {
        if (resourceVersion.empty()) {
            auto listed = relist();
            if (!listed) {
                log::warning("objects cannot be listed; trying again",
                             {{"kind", m_type.kind}, {"error", listed.error().describe()}});
                pauseFor(pause, stop);
                pause = std::min(pause * 2, LongestPause);
                continue;
            }
            resourceVersion = std::move(*listed);
        }
        const Error ended = watchFrom(resourceVersion, stop);
        if (ended.kind == ErrorKind::TooOld) {
            resourceVersion.clear();
            pause = FirstPause;
        } else if (ended.kind != ErrorKind::Cancelled) {
            log::warning("watch ended; taking it up again", {{"kind", m_type.kind}, {"error", ended.describe()}});
            pauseFor(pause, stop);
            pause = std::min(pause * 2, LongestPause);
        }
    }
}

Result<std::string> StoreFollower::relist() {
    auto list = m_store.list(m_type, {});
    if (!list) {
        return failure(std::move(list.error()));
    }
    if (m_relisted) {
        m_relisted(list->items);
    }
    for (const Object& object : list->items) {
        m_changed(object, false);
    }
    return std::move(list->resourceVersion);
}

Error StoreFollower::watchFrom(std::string& resourceVersion, std::stop_token stop) {
    auto watch = m_store.watch(m_type, {.resourceVersion = resourceVersion, .bookmarks = true});
    if (!watch) {
        return watch.error();
    }
    for (;;) {
        auto event = (*watch)->next(std::chrono::milliseconds(60'000), stop);
        if (!event) {
            return event.error();
        }
        if (!*event) {
            continue;
        }
        resourceVersion = (*event)->object.resourceVersion();
        if ((*event)->type != WatchEventType::Bookmark) {
            m_changed((*event)->object, (*event)->type == WatchEventType::Deleted);
        }
    }
}

} // namespace gatehouse::controllers
