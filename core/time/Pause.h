#pragma once

#include <chrono>
#include <stop_token>

namespace gatehouse {

/// Holds the calling thread for `duration`, or until `stop` is requested, whichever comes first.
void pauseFor(std::chrono::nanoseconds duration, const std::stop_token& stop);

} // namespace gatehouse
