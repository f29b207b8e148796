#include "app/jobs/RunThen.h"

namespace gatehouse::jobs {
namespace {

std::stop_source& source() {
    static std::stop_source all;
    return all;
}

} // namespace

QThreadPool& pool() {
    static QThreadPool threads;
    static const bool configured = [] {
        // Jobs mostly wait on the network: more of them than cores.
        threads.setMaxThreadCount(8);
        return true;
    }();
    Q_UNUSED(configured);
    return threads;
}

std::stop_token stopToken() {
    return source().get_token();
}

void stopAll() {
    source().request_stop();
    pool().clear();
    pool().waitForDone();
}

} // namespace gatehouse::jobs
