#pragma once

#include "core/probe/Prober.h"

#include <mutex>

namespace gatehouse::probe {

/// Collects what the workers find into one report and tells progress. Thread-safe.
class RunBoard {
public:
    RunBoard(ProbeReport report, const ProbeOptions& options, const Clock& clock, const ProgressSink& progress);

    /// The number of planned checks of an endpoint became known, or changed by this much.
    void plan(std::ptrdiff_t checks);
    /// Replaces an endpoint's part of the report.
    void update(std::size_t endpoint, const EndpointReport& report);
    void add(std::size_t endpoint, CheckResult check);
    void add(std::size_t endpoint, PositiveControl control);
    void keep(Transcript transcript);
    void addFindings(std::vector<Finding> findings);
    /// One more planned check is done.
    void step(const std::string& endpoint, const std::string& check);

    /// Call when all workers are gone.
    [[nodiscard]] ProbeReport take();

private:
    std::mutex m_mutex;
    ProbeReport m_report;
    const ProbeOptions& m_options;
    const Clock& m_clock;
    const ProgressSink& m_progress;
    Progress m_state;
    std::chrono::steady_clock::time_point m_lastPartial;
};

/// Counts planned and conclusive checks of all endpoints.
void countCoverage(ProbeReport& report);

} // namespace gatehouse::probe
