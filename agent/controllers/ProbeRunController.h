#pragma once

#include "agent/assessment/Assessor.h"
#include "agent/assessment/RunArchive.h"
#include "agent/controllers/StoreFollower.h"
#include "agent/queue/WorkQueue.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace gatehouse::controllers {

/// Does what ProbeRun objects ask for, one run at a time in the order they come: fills their status while it goes,
/// keeps report and transcripts, cancels when `spec.cancelled` turns true or the object is deleted. A run that a stop
/// of the agent cut short is marked Failed at the next start.
class ProbeRunController {
public:
    ProbeRunController(ObjectStore& store, const assessment::Assessor& assessor, assessment::RunArchive& archive,
                       const Clock& clock);
    ~ProbeRunController();

    /// The last finished assessment of that run, whole with its transcripts; null when this agent has not made it.
    [[nodiscard]] std::shared_ptr<const assessment::Assessment> assessmentOf(const std::string& nameSpace,
                                                                             const std::string& name) const;
    /// The report as it is now, also while the run goes on.
    [[nodiscard]] Result<json::Object> report(const std::string& nameSpace, const std::string& name) const;

private:
    void changed(const Object& run, bool gone);
    void work(std::stop_token stop);
    /// Removes the oldest of too many finished runs.
    [[nodiscard]] Result<void> prune();
    [[nodiscard]] Result<void> handle(const std::string& nameSpace, const std::string& name, std::stop_token stop);
    [[nodiscard]] Result<void> execute(const Object& run, std::stop_token stop);

    ObjectStore& m_store;
    const assessment::Assessor& m_assessor;
    assessment::RunArchive& m_archive;
    const Clock& m_clock;
    queue::WorkQueue m_queue;

    mutable std::mutex m_mutex; ///< guards the two below
    std::map<std::string, std::stop_source> m_running;
    std::map<std::string, std::shared_ptr<const assessment::Assessment>> m_finished; ///< the newest few

    std::unique_ptr<StoreFollower> m_follower;
    std::jthread m_worker; ///< last, so that it ends first
};

} // namespace gatehouse::controllers
