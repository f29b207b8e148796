#pragma once

#include "app/session/ObjectFeed.h"
#include "app/session/Poller.h"
#include "core/time/Clock.h"

#include <QObject>
#include <QString>
#include <QTimer>

namespace gatehouse::session {

struct SessionSettings {
    bool readOnly = false;
};

/// The console's connection to one agent: the client, the collections that pages show, and how the connection is doing.
/// GUI thread.
class Session : public QObject {
    Q_OBJECT
public:
    Session(std::shared_ptr<AgentClient> client, const Clock& clock, SessionSettings settings,
            QObject* parent = nullptr);

    void start();
    void retryNow();

    [[nodiscard]] const std::shared_ptr<AgentClient>& client() const { return m_client; }

    [[nodiscard]] const Clock& clock() const { return m_clock; }

    [[nodiscard]] bool readOnly() const { return m_settings.readOnly; }

    [[nodiscard]] ObjectFeed& models() { return m_models; }

    [[nodiscard]] ObjectFeed& passthroughModels() { return m_passthroughModels; }

    [[nodiscard]] ObjectFeed& keys() { return m_keys; }

    [[nodiscard]] ObjectFeed& probeRuns() { return m_probeRuns; }

    [[nodiscard]] ObjectFeed& packs() { return m_packs; }

    [[nodiscard]] Poller& installation() { return m_installation; }

    [[nodiscard]] Poller& inventory() { return m_inventory; }

    [[nodiscard]] bool lost() const;
    [[nodiscard]] const Error* problem() const; ///< why the connection is lost, or null
    [[nodiscard]] bool loaded() const;          ///< every collection has come once
    /// One sentence if the agent is of another minor version than this console, else empty.
    [[nodiscard]] QString versionNote() const;

signals:
    void connectionChanged();
    void aged(); ///< every 30 s: what is shown as an age is older now

private:
    [[nodiscard]] std::array<const ObjectFeed*, 5> feeds() const;

    std::shared_ptr<AgentClient> m_client;
    const Clock& m_clock;
    SessionSettings m_settings;
    ObjectFeed m_models;
    ObjectFeed m_passthroughModels;
    ObjectFeed m_keys;
    ObjectFeed m_probeRuns;
    ObjectFeed m_packs;
    Poller m_installation;
    Poller m_inventory;
    QTimer m_ages;
};

/// "0.1" of "0.1.3".
[[nodiscard]] std::string minorVersion(const std::string& version);

} // namespace gatehouse::session
