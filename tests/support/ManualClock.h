#pragma once

#include "core/time/Clock.h"

#include <atomic>

namespace gatehouse::test {

/// A clock that stands still until it is moved. Thread-safe.
class ManualClock final : public Clock {
public:
    explicit ManualClock(const std::string& start = "2026-11-21T12:00:00Z")
        : m_now(parseRfc3339(start)->time_since_epoch().count()) {}

    [[nodiscard]] TimePoint now() const override { return TimePoint(TimePoint::duration(m_now.load())); }

    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
        return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(m_now.load()));
    }

    void advance(std::chrono::nanoseconds by) { m_now += by.count(); }

private:
    std::atomic<std::int64_t> m_now;
};

} // namespace gatehouse::test
