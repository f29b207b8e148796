#include "app/session/Session.h"

#include "app/formatting/Text.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>
#include <array>

namespace gatehouse::session {

Session::Session(std::shared_ptr<AgentClient> client, const Clock& clock, SessionSettings settings, QObject* parent)
    : QObject(parent),
      m_client(std::move(client)),
      m_clock(clock),
      m_settings(settings),
      m_models(m_client, kinds::LLMModel),
      m_passthroughModels(m_client, kinds::PassthroughModel),
      m_keys(m_client, kinds::ApiKey),
      m_probeRuns(m_client, kinds::ProbeRun),
      m_packs(m_client, kinds::EvidencePack),
      m_installation(m_client, "installation", std::chrono::seconds(5)),
      m_inventory(m_client, "inventory", std::chrono::seconds(30)) {
    for (const ObjectFeed* feed : feeds()) {
        connect(feed, &ObjectFeed::stateChanged, this, &Session::connectionChanged);
    }
    connect(&m_installation, &Poller::answered, this, &Session::connectionChanged);
    for (ObjectFeed* feed : {&m_models, &m_passthroughModels}) {
        connect(feed, &ObjectFeed::changed, &m_inventory, &Poller::poke);
        connect(feed, &ObjectFeed::changed, &m_installation, &Poller::poke);
    }
    connect(&m_keys, &ObjectFeed::changed, &m_installation, &Poller::poke);
    m_ages.setInterval(std::chrono::seconds(30));
    connect(&m_ages, &QTimer::timeout, this, &Session::aged);
    m_ages.start();
}

std::array<const ObjectFeed*, 5> Session::feeds() const {
    return {&m_models, &m_passthroughModels, &m_keys, &m_probeRuns, &m_packs};
}

void Session::start() {
    for (ObjectFeed* feed : {&m_models, &m_passthroughModels, &m_keys, &m_probeRuns, &m_packs}) {
        feed->start();
    }
    m_installation.start();
    m_inventory.start();
}

void Session::retryNow() {
    for (ObjectFeed* feed : {&m_models, &m_passthroughModels, &m_keys, &m_probeRuns, &m_packs}) {
        feed->retryNow();
    }
    m_installation.poke();
    m_inventory.poke();
}

bool Session::lost() const {
    return problem() != nullptr;
}

const Error* Session::problem() const {
    for (const ObjectFeed* feed : feeds()) {
        if (feed->state() == ObjectFeed::State::Lost && feed->error()) {
            return &*feed->error();
        }
    }
    return nullptr;
}

bool Session::loaded() const {
    const auto all = feeds();
    return std::all_of(all.begin(), all.end(), [](const ObjectFeed* feed) { return feed->loaded(); }) &&
           m_installation.value() && m_inventory.value();
}

QString Session::versionNote() const {
    const std::string theirs = m_client->agentVersion();
    if (theirs.empty() || minorVersion(theirs) == minorVersion(GATEHOUSE_VERSION)) {
        return {};
    }
    return tr("The agent is version %1 and this console is %2: install the same version of both, some of what you see "
              "or do here may not work.")
        .arg(formatting::toQt(theirs), formatting::toQt(GATEHOUSE_VERSION));
}

std::string minorVersion(const std::string& version) {
    const auto first = version.find('.');
    const auto second = first == std::string::npos ? first : version.find('.', first + 1);
    return version.substr(0, second);
}

} // namespace gatehouse::session
