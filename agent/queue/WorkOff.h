#pragma once

#include "agent/queue/WorkQueue.h"
#include "core/result/Result.h"

#include <functional>
#include <string_view>

namespace gatehouse::queue {

/// Hands the keys of `queue` to `handle`, one after the other, until `stop`. A key whose handling fails comes again
/// later; the log then says `complaint` with the error, unless the error is Cancelled or a Conflict.
void workOff(WorkQueue& queue, std::string_view complaint, const std::stop_token& stop,
             const std::function<Result<void>(const std::string& key)>& handle);

} // namespace gatehouse::queue
