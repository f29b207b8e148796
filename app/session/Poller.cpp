#include "app/session/Poller.h"

#include "app/jobs/RunThen.h"

namespace gatehouse::session {

Poller::Poller(std::shared_ptr<AgentClient> client, std::string path, std::chrono::milliseconds interval,
               QObject* parent)
    : QObject(parent),
      m_client(std::move(client)),
      m_path(std::move(path)) {
    m_regular.setInterval(interval);
    m_soon.setSingleShot(true);
    m_soon.setInterval(300);
    connect(&m_regular, &QTimer::timeout, this, &Poller::ask);
    connect(&m_soon, &QTimer::timeout, this, &Poller::ask);
}

void Poller::start() {
    m_regular.start();
    ask();
}

void Poller::poke() {
    if (!m_soon.isActive()) {
        m_soon.start();
    }
}

void Poller::ask() {
    if (m_asking) {
        m_again = true;
        return;
    }
    m_asking = true;
    jobs::runThen(
        this, [client = m_client, path = m_path](std::stop_token stop) { return client->getJson(path, stop); },
        [this](Result<json::Value> answer) {
            m_asking = false;
            if (answer) {
                m_error.reset();
                // The run stamp changes with every answer; only a different document is a change.
                m_value = std::make_shared<const json::Value>(std::move(*answer));
                emit changed();
            } else {
                m_error = std::move(answer.error());
            }
            emit answered();
            if (m_again) {
                m_again = false;
                poke();
            }
        });
}

} // namespace gatehouse::session
