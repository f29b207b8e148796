#include "agent/controllers/ProbeRunController.h"

#include "agent/controllers/StatusWriter.h"
#include "agent/queue/WorkOff.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>

namespace gatehouse::controllers {
namespace {

constexpr auto StatusInterval = std::chrono::milliseconds(300);
constexpr std::size_t KeptAssessments = 4;
/// Finished runs beyond this go, the oldest first, each with its report and transcripts (some MiB). Packs keep their
/// own copies.
constexpr std::size_t KeptRuns = 50;

std::string queueKey(const std::string& nameSpace, const std::string& name) {
    return nameSpace + "/" + name;
}

bool isOver(const std::string& phase) {
    return phase == "Completed" || phase == "Cancelled" || phase == "Failed";
}

std::vector<std::string> texts(const Object& object, std::string_view path) {
    std::vector<std::string> result;
    const json::Value* list = object.at(path);
    if (list != nullptr && list->is_array()) {
        for (const auto& item : list->get_array()) {
            if (item.is_string()) {
                result.emplace_back(item.get_string());
            }
        }
    }
    return result;
}

assessment::Request requestOf(const Object& run) {
    assessment::Request request{.endpoints = texts(run, "spec.endpoints"), .checks = texts(run, "spec.checks")};
    if (const json::Value* rate = run.at("spec.ratePerEndpoint"); rate != nullptr && rate->is_number()) {
        request.ratePerEndpoint = rate->to_number<double>();
    }
    const json::Value* destructive = run.at("spec.destructive");
    request.destructive = destructive != nullptr && destructive->is_bool() && destructive->get_bool();
    return request;
}

bool isCancelled(const Object& run) {
    const json::Value* cancelled = run.at("spec.cancelled");
    return run.isBeingDeleted() || (cancelled != nullptr && cancelled->is_bool() && cancelled->get_bool());
}

/// How far a run is, kept by the progress sink.
struct RunProgress {
    TimePoint startedAt;
    std::chrono::steady_clock::time_point steadyStart;
    std::chrono::steady_clock::time_point lastWritten;
};

json::Object runningStatus(const RunProgress& run, const probe::Progress& progress, const RunStamp& stamp,
                           std::chrono::steady_clock::time_point now) {
    json::Object status{{"phase", "Running"},
                        {"done", progress.done},
                        {"total", progress.total},
                        {"runId", stamp.id},
                        {"startedAt", toRfc3339(run.startedAt)}};
    if (progress.done > 0 && progress.total >= progress.done) {
        const auto spent = std::chrono::duration<double>(now - run.steadyStart).count();
        const double left =
            spent / static_cast<double>(progress.done) * static_cast<double>(progress.total - progress.done);
        status["etaSeconds"] = static_cast<std::int64_t>(left + 0.5);
    }
    return status;
}

json::Object finishedStatus(const probe::ProbeReport& report, std::size_t done) {
    json::Object verdicts;
    for (const auto& endpoint : report.endpoints) {
        for (const auto& check : endpoint.checks) {
            json::Value& count = verdicts[probe::word(check.verdict)];
            count = count.is_int64() ? count.get_int64() + 1 : 1;
        }
    }
    std::size_t denying = 0;
    for (const auto& endpoint : report.endpoints) {
        denying += endpoint.conclusion == probe::Conclusion::Denies ? 1 : 0;
    }
    return {{"phase", report.cancelled ? "Cancelled" : "Completed"},
            {"done", done},
            {"total", report.cancelled ? report.planned : done},
            {"runId", report.run.id},
            {"startedAt", toRfc3339(report.run.startedAt)},
            {"finishedAt", toRfc3339(report.finishedAt)},
            {"verdicts", std::move(verdicts)},
            {"coverage", report.coverage()},
            {"findings", report.findings.size()},
            {"message", std::to_string(denying) + " of " + std::to_string(report.endpoints.size()) +
                            " endpoints deny whoever must be denied" +
                            (report.cancelled ? "; the run was cancelled" : "")}};
}

} // namespace

ProbeRunController::ProbeRunController(ObjectStore& store, const assessment::Assessor& assessor,
                                       assessment::RunArchive& archive, const Clock& clock)
    : m_store(store),
      m_assessor(assessor),
      m_archive(archive),
      m_clock(clock) {
    m_follower = std::make_unique<StoreFollower>(store, kinds::ProbeRun,
                                                 [this](const Object& run, bool gone) { changed(run, gone); });
    m_worker = std::jthread([this](std::stop_token stop) { work(stop); });
}

ProbeRunController::~ProbeRunController() {
    {
        const std::lock_guard lock(m_mutex);
        for (auto& [name, source] : m_running) {
            source.request_stop();
        }
    }
    m_worker.request_stop();
    m_follower.reset();
}

void ProbeRunController::changed(const Object& run, bool gone) {
    const std::string key = queueKey(run.nameSpace(), run.name());
    if (gone || isCancelled(run)) {
        const std::lock_guard lock(m_mutex);
        if (const auto running = m_running.find(key); running != m_running.end()) {
            running->second.request_stop();
        }
    }
    m_queue.add(key);
}

void ProbeRunController::work(std::stop_token stop) {
    queue::workOff(m_queue, "a probe run could not be handled; trying again", stop, [&](const std::string& key) {
        const std::size_t slash = key.find('/');
        return handle(key.substr(0, slash), key.substr(slash + 1), stop);
    });
}

Result<void> ProbeRunController::handle(const std::string& nameSpace, const std::string& name, std::stop_token stop) {
    auto run = m_store.get({kinds::ProbeRun, nameSpace, name});
    if (!run) {
        if (run.error().kind != ErrorKind::NotFound) {
            return failure(std::move(run.error()));
        }
        const std::lock_guard lock(m_mutex);
        m_finished.erase(queueKey(nameSpace, name));
        return m_archive.remove(nameSpace, name);
    }
    const std::string phase = run->text("status.phase");
    if (isOver(phase)) {
        return prune();
    }
    const ObjectKey key{kinds::ProbeRun, nameSpace, name};
    if (isCancelled(*run)) {
        return writeStatus(m_store, key, {{"phase", "Cancelled"}, {"message", "cancelled before it began"}});
    }
    if (phase == "Running") {
        return writeStatus(
            m_store, key,
            {{"phase", "Failed"}, {"message", "the agent was stopped while the run went on; start a new run"}});
    }
    return execute(*run, stop);
}

Result<void> ProbeRunController::prune() {
    auto all = m_store.list(kinds::ProbeRun, {});
    if (!all) {
        return failure(std::move(all.error()));
    }
    auto& runs = all->items;
    std::erase_if(runs, [](const Object& run) { return !isOver(run.text("status.phase")) || run.isBeingDeleted(); });
    if (runs.size() <= KeptRuns) {
        return {};
    }
    std::stable_sort(runs.begin(), runs.end(), [](const Object& a, const Object& b) {
        return a.text("metadata.creationTimestamp") > b.text("metadata.creationTimestamp");
    });
    for (std::size_t i = KeptRuns; i < runs.size(); ++i) {
        const auto removed = m_store.remove({kinds::ProbeRun, runs[i].nameSpace(), runs[i].name()},
                                            {.preconditions = {.uid = runs[i].uid()}});
        if (!removed && removed.error().kind != ErrorKind::NotFound && removed.error().kind != ErrorKind::Conflict) {
            return failure(because("an old probe run could not be removed", removed.error()));
        }
    }
    return {};
}

Result<void> ProbeRunController::execute(const Object& run, std::stop_token stop) {
    const std::string name = queueKey(run.nameSpace(), run.name());
    const ObjectKey key{kinds::ProbeRun, run.nameSpace(), run.name()};
    std::stop_source source;
    {
        const std::lock_guard lock(m_mutex);
        m_running[name] = source;
    }
    const std::stop_callback onStop(stop, [source]() mutable { source.request_stop(); });
    // A cancel may have come between the look at the object and the entry in m_running.
    if (const auto again = m_store.get(key); !again || isCancelled(*again)) {
        source.request_stop();
    }
    const RunStamp stamp = m_assessor.newRun();
    RunProgress state{stamp.startedAt, m_clock.steady(), {}};
    std::size_t done = 0;
    const auto progress = [&](const probe::Progress& step) {
        done = step.done;
        const auto now = m_clock.steady();
        if (now - state.lastWritten >= StatusInterval) {
            state.lastWritten = now;
            // A status that cannot be written now is written with the next step.
            [[maybe_unused]] const auto written = writeStatus(m_store, key, runningStatus(state, step, stamp, now));
        }
    };
    auto result = m_assessor.assess(requestOf(run), stamp, progress, source.get_token());
    {
        const std::lock_guard lock(m_mutex);
        m_running.erase(name);
    }
    if (!result) {
        return writeStatus(m_store, key, {{"phase", "Failed"}, {"message", result.error().describe()}});
    }
    if (stop.stop_requested()) {
        return writeStatus(
            m_store, key,
            {{"phase", "Failed"}, {"message", "the agent was stopped while the run went on; start a new run"}});
    }
    json::Object status = finishedStatus(result->report, done);
    if (auto saved = m_archive.save(run.nameSpace(), run.name(), result->report); !saved) {
        status["phase"] = "Failed";
        status["message"] = saved.error().describe();
    }
    {
        const std::lock_guard lock(m_mutex);
        while (m_finished.size() >= KeptAssessments) {
            m_finished.erase(m_finished.begin());
        }
        m_finished[name] = std::make_shared<const assessment::Assessment>(std::move(*result));
    }
    return writeStatus(m_store, key, status);
}

std::shared_ptr<const assessment::Assessment> ProbeRunController::assessmentOf(const std::string& nameSpace,
                                                                               const std::string& name) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_finished.find(queueKey(nameSpace, name));
    return found == m_finished.end() ? nullptr : found->second;
}

Result<json::Object> ProbeRunController::report(const std::string& nameSpace, const std::string& name) const {
    return m_archive.report(nameSpace, name);
}

} // namespace gatehouse::controllers
