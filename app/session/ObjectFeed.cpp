#include "app/session/ObjectFeed.h"

#include <QMetaObject>
#include <algorithm>
#include <random>

namespace gatehouse::session {
namespace {

std::string keyOf(const Object& object) {
    return object.nameSpace() + "/" + object.name();
}

std::chrono::milliseconds backOff(int failures) {
    static thread_local std::mt19937 random{std::random_device{}()};
    const double full = std::min(30'000.0, 800.0 * static_cast<double>(1 << std::min(failures, 6)));
    std::uniform_real_distribution<double> jitter(0.8, 1.0);
    return std::chrono::milliseconds(static_cast<int>(full * jitter(random)));
}

} // namespace

ObjectFeed::ObjectFeed(std::shared_ptr<AgentClient> client, ResourceType type, QObject* parent)
    : QObject(parent),
      m_client(std::move(client)),
      m_type(std::move(type)) {}

ObjectFeed::~ObjectFeed() {
    m_worker.request_stop();
    retryNow();
}

void ObjectFeed::start() {
    if (!m_worker.joinable()) {
        m_worker = std::jthread([this](std::stop_token stop) { run(stop); });
    }
}

void ObjectFeed::retryNow() {
    {
        const std::lock_guard lock(m_mutex);
        m_retry = true;
    }
    m_waiting.notify_all();
}

void ObjectFeed::waitBeforeRetry(int failures, std::stop_token stop) {
    std::unique_lock lock(m_mutex);
    m_retry = false;
    m_waiting.wait_for(lock, stop, backOff(failures), [this] { return m_retry; });
}

bool ObjectFeed::listOnce(std::string& version, std::stop_token stop) {
    auto list = m_client->list(m_type, stop);
    if (!list) {
        postState(State::Lost, std::move(list.error()));
        return false;
    }
    version = list->resourceVersion;
    Update update;
    update.replace = true;
    for (Object& object : list->items) {
        update.present.push_back(std::make_shared<const Object>(std::move(object)));
    }
    post(std::move(update));
    postState(State::Live, std::nullopt);
    return true;
}

void ObjectFeed::run(std::stop_token stop) {
    std::string version;
    int failures = 0;
    while (!stop.stop_requested()) {
        if (version.empty()) {
            if (!listOnce(version, stop)) {
                waitBeforeRetry(failures++, stop);
                continue;
            }
            failures = 0;
        }
        AgentClient::WatchHandlers handlers;
        handlers.opened = [&] {
            failures = 0;
            postState(State::Live, std::nullopt);
        };
        handlers.event = [&](const WatchEvent& event) {
            if (const std::string now = event.object.resourceVersion(); !now.empty()) {
                version = now;
            }
            Update update;
            if (event.type == WatchEventType::Deleted) {
                update.gone.push_back(keyOf(event.object));
            } else if (event.type != WatchEventType::Bookmark) {
                update.present.push_back(std::make_shared<const Object>(event.object));
            } else {
                return;
            }
            post(std::move(update));
        };
        const auto started = std::chrono::steady_clock::now();
        auto watched = m_client->watch(m_type, version, handlers, stop);
        if (stop.stop_requested()) {
            return;
        }
        if (!watched && watched.error().kind == ErrorKind::TooOld) {
            version.clear();
            continue;
        }
        if (!watched) {
            postState(State::Lost, std::move(watched.error()));
            waitBeforeRetry(failures++, stop);
        } else if (std::chrono::steady_clock::now() - started < std::chrono::seconds(1)) {
            // A server that ends watches at once must not be asked in a tight loop.
            waitBeforeRetry(0, stop);
        }
    }
}

void ObjectFeed::post(Update update) {
    const std::lock_guard lock(m_mutex);
    m_updates.push_back(std::move(update));
    wake();
}

void ObjectFeed::postState(State state, std::optional<Error> error) {
    const std::lock_guard lock(m_mutex);
    m_newState = state;
    m_newError = std::move(error);
    wake();
}

void ObjectFeed::wake() {
    if (!m_drainPending) {
        m_drainPending = true;
        QMetaObject::invokeMethod(this, &ObjectFeed::drain, Qt::QueuedConnection);
    }
}

void ObjectFeed::drain() {
    std::vector<Update> updates;
    std::optional<State> state;
    std::optional<Error> error;
    {
        const std::lock_guard lock(m_mutex);
        m_drainPending = false;
        updates.swap(m_updates);
        state.swap(m_newState);
        error.swap(m_newError);
    }
    for (Update& update : updates) {
        if (update.replace) {
            m_objects.clear();
            m_loaded = true;
        }
        for (ObjectPtr& object : update.present) {
            std::string key = keyOf(*object);
            m_objects[std::move(key)] = std::move(object);
        }
        for (const std::string& key : update.gone) {
            m_objects.erase(key);
        }
    }
    if (!updates.empty()) {
        emit changed();
    }
    if (state) {
        m_state = *state;
        m_error = std::move(error);
        emit stateChanged();
    }
}

} // namespace gatehouse::session
