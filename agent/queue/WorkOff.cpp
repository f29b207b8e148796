#include "agent/queue/WorkOff.h"

#include "core/logging/Log.h"

namespace gatehouse::queue {

void workOff(WorkQueue& queue, std::string_view complaint, const std::stop_token& stop,
             const std::function<Result<void>(const std::string& key)>& handle) {
    for (;;) {
        const std::optional<std::string> key = queue.next(stop);
        if (!key) {
            return;
        }
        const Result<void> done = handle(*key);
        if (done) {
            queue.done(*key);
            continue;
        }
        // A conflict only means that somebody else wrote meanwhile; the next time sees it.
        if (done.error().kind != ErrorKind::Cancelled && done.error().kind != ErrorKind::Conflict) {
            log::warning(complaint, {{"error", done.error().describe()}});
        }
        queue.failed(*key);
    }
}

} // namespace gatehouse::queue
