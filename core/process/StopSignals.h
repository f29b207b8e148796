#pragma once

#include <stop_token>
#include <thread>

namespace gatehouse::process {

/// Turns SIGTERM and SIGINT into a stop request. Make one in main()'s thread before any other thread starts, because
/// it blocks both signals for every thread made after it. A second signal ends the process at once (exit code 130).
class StopSignals {
public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    [[nodiscard]] std::stop_token token() const { return m_source.get_token(); }

    /// Asks for the stop without a signal.
    void requestStop() { m_source.request_stop(); }

private:
    std::stop_source m_source;
    std::jthread m_thread;
};

} // namespace gatehouse::process
