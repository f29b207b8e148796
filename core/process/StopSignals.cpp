#include "core/process/StopSignals.h"

#include <csignal>
#include <ctime>
#include <unistd.h>

namespace gatehouse::process {
namespace {

sigset_t stopSignalSet() {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGTERM);
    ::sigaddset(&set, SIGINT);
    return set;
}

} // namespace

StopSignals::StopSignals() {
    const sigset_t set = stopSignalSet();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_thread = std::jthread([this](const std::stop_token& ended) {
        const sigset_t awaited = stopSignalSet();
        while (!ended.stop_requested()) {
            const timespec patience{0, 200'000'000};
            if (::sigtimedwait(&awaited, nullptr, &patience) < 0) {
                continue;
            }
            if (m_source.stop_requested()) {
                ::_exit(130);
            }
            m_source.request_stop();
        }
    });
}

StopSignals::~StopSignals() {
    m_thread.request_stop();
    m_thread.join();
    const sigset_t set = stopSignalSet();
    ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

} // namespace gatehouse::process
