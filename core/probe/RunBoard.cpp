#include "core/probe/RunBoard.h"

namespace gatehouse::probe {

RunBoard::RunBoard(ProbeReport report, const ProbeOptions& options, const Clock& clock, const ProgressSink& progress)
    : m_report(std::move(report)),
      m_options(options),
      m_clock(clock),
      m_progress(progress),
      m_lastPartial(clock.steady()) {}

void RunBoard::plan(std::ptrdiff_t checks) {
    const std::lock_guard lock(m_mutex);
    m_state.total = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(m_state.total) + checks);
}

void RunBoard::update(std::size_t endpoint, const EndpointReport& report) {
    const std::lock_guard lock(m_mutex);
    m_report.endpoints[endpoint] = report;
}

void RunBoard::add(std::size_t endpoint, CheckResult check) {
    const std::lock_guard lock(m_mutex);
    m_report.endpoints[endpoint].checks.push_back(std::move(check));
}

void RunBoard::add(std::size_t endpoint, PositiveControl control) {
    const std::lock_guard lock(m_mutex);
    m_report.endpoints[endpoint].positiveControls.push_back(std::move(control));
}

void RunBoard::keep(Transcript transcript) {
    const std::lock_guard lock(m_mutex);
    std::string id = transcript.id;
    m_report.transcripts.insert_or_assign(std::move(id), std::move(transcript));
}

void RunBoard::addFindings(std::vector<Finding> findings) {
    const std::lock_guard lock(m_mutex);
    m_report.findings.insert(m_report.findings.end(), std::make_move_iterator(findings.begin()),
                             std::make_move_iterator(findings.end()));
}

void RunBoard::step(const std::string& endpoint, const std::string& check) {
    const std::lock_guard lock(m_mutex);
    ++m_state.done;
    m_state.total = std::max(m_state.total, m_state.done);
    m_state.endpoint = endpoint;
    m_state.check = check;
    if (m_progress) {
        m_progress(m_state);
    }
    const auto now = m_clock.steady();
    if (m_options.onPartialReport && now - m_lastPartial >= std::chrono::seconds(1)) {
        m_lastPartial = now;
        countCoverage(m_report);
        m_options.onPartialReport(m_report);
    }
}

ProbeReport RunBoard::take() {
    const std::lock_guard lock(m_mutex);
    countCoverage(m_report);
    return std::move(m_report);
}

void countCoverage(ProbeReport& report) {
    report.planned = 0;
    report.conclusive = 0;
    for (const EndpointReport& endpoint : report.endpoints) {
        for (const CheckResult& check : endpoint.checks) {
            if (check.mustDeny) {
                ++report.planned;
                report.conclusive += check.verdict != Verdict::Inconclusive && check.verdict != Verdict::Noted ? 1 : 0;
            }
        }
    }
}

} // namespace gatehouse::probe
