#pragma once

#include "app/session/AgentClient.h"

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>

namespace gatehouse::session {

/// A document of the agent that has no watch (installation, inventory), asked for now and then and whenever poke() says
/// that something it depends on changed. The last good answer stays when the agent does not answer. GUI thread.
class Poller : public QObject {
    Q_OBJECT
public:
    Poller(std::shared_ptr<AgentClient> client, std::string path, std::chrono::milliseconds interval,
           QObject* parent = nullptr);

    void start();
    /// Ask soon; many pokes in a row are one question.
    void poke();

    [[nodiscard]] const std::shared_ptr<const json::Value>& value() const {
        return m_value;
    } ///< null before the first answer

    [[nodiscard]] const std::optional<Error>& error() const { return m_error; } ///< of the last try

signals:
    void changed();
    void answered(); ///< after every try, good or not

private:
    void ask();

    const std::shared_ptr<AgentClient> m_client;
    const std::string m_path;
    QTimer m_regular;
    QTimer m_soon;
    bool m_asking = false;
    bool m_again = false;
    std::shared_ptr<const json::Value> m_value;
    std::optional<Error> m_error;
};

} // namespace gatehouse::session
