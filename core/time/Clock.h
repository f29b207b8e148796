#pragma once

#include "core/result/Result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace gatehouse {

using TimePoint = std::chrono::system_clock::time_point;

/// Wall and monotonic time. Everything that asks for the time takes one of these, so tests can set it.
/// Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual TimePoint now() const = 0;
    [[nodiscard]] virtual std::chrono::steady_clock::time_point steady() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const override;
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override;
};

/// "2026-11-21T12:00:00Z": UTC, whole seconds, the form of Kubernetes timestamps.
[[nodiscard]] std::string toRfc3339(TimePoint time);
/// "2026-11-21T12:00:00.123Z": UTC, milliseconds.
[[nodiscard]] std::string toRfc3339Millis(TimePoint time);
/// "2026-11-21": the UTC day, as in evidence file names.
[[nodiscard]] std::string toIsoDate(TimePoint time);
/// Accepts RFC 3339 with an optional fraction and any zone offset, and a bare "YYYY-MM-DD" (start of that UTC day).
[[nodiscard]] Result<TimePoint> parseRfc3339(std::string_view text);
/// "90s", "15m", "1h", "30d", "1h30m". At least one unit; rejects negatives and anything above ten years.
[[nodiscard]] Result<std::chrono::seconds> parseDuration(std::string_view text);

} // namespace gatehouse
