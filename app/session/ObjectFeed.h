#pragma once

#include "app/session/AgentClient.h"

#include <QObject>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace gatehouse::session {

using ObjectPtr = std::shared_ptr<const Object>;

/// Follows one collection on a thread of its own: list, then watch, again after every loss (0.8 s doubling to 30 s,
/// with jitter; a watch resumes where it was, after "too old" it lists anew). What was read stays when the connection
/// goes: objects() empties only when the agent says so.
///
/// Lives on the GUI thread and emits there; many changes at once arrive as one changed().
class ObjectFeed : public QObject {
    Q_OBJECT
public:
    enum class State { Connecting, Live, Lost };

    ObjectFeed(std::shared_ptr<AgentClient> client, ResourceType type, QObject* parent = nullptr);
    ~ObjectFeed() override;

    void start();
    /// Try again now instead of when the back-off says.
    void retryNow();

    [[nodiscard]] const ResourceType& type() const { return m_type; }

    [[nodiscard]] State state() const { return m_state; }

    [[nodiscard]] const std::optional<Error>& error() const { return m_error; } ///< why it is Lost

    [[nodiscard]] bool loaded() const { return m_loaded; } ///< a first list has come

    [[nodiscard]] const std::map<std::string, ObjectPtr>& objects() const { return m_objects; } ///< by "namespace/name"

signals:
    void changed();
    void stateChanged();

private:
    struct Update {
        bool replace = false;
        std::vector<ObjectPtr> present;
        std::vector<std::string> gone;
    };

    void run(std::stop_token stop);
    bool listOnce(std::string& version, std::stop_token stop);
    void post(Update update);
    void postState(State state, std::optional<Error> error);
    void wake();
    void drain();
    void waitBeforeRetry(int failures, std::stop_token stop);

    const std::shared_ptr<AgentClient> m_client;
    const ResourceType m_type;
    // GUI thread
    State m_state = State::Connecting;
    std::optional<Error> m_error;
    bool m_loaded = false;
    std::map<std::string, ObjectPtr> m_objects;
    // shared with the worker
    std::mutex m_mutex;
    std::condition_variable_any m_waiting;
    bool m_retry = false;
    bool m_drainPending = false;
    std::vector<Update> m_updates;
    std::optional<State> m_newState;
    std::optional<Error> m_newError;
    std::jthread m_worker;
};

} // namespace gatehouse::session
