#include "core/time/Clock.h"

#include <charconv>
#include <cstdio>
#include <ctime>

namespace gatehouse {
namespace {

std::tm utcParts(TimePoint time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return parts;
}

std::string formatted(TimePoint time, const char* pattern) {
    const std::tm parts = utcParts(time);
    char buffer[64];
    const auto length = std::strftime(buffer, sizeof buffer, pattern, &parts);
    return {buffer, length};
}

bool digits(std::string_view text, std::size_t at, std::size_t count, int& value) {
    if (at + count > text.size()) {
        return false;
    }
    value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (text[i] - '0');
    }
    return true;
}

/// Offset in seconds of "Z", "+02:00" or "-05:30"; false when the text is none of them.
bool zoneOffset(std::string_view zone, int& offset) {
    if (zone == "Z" || zone == "z") {
        offset = 0;
        return true;
    }
    int hours = 0;
    int minutes = 0;
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || !digits(zone, 1, 2, hours) ||
        !digits(zone, 4, 2, minutes) || hours > 23 || minutes > 59) {
        return false;
    }
    offset = (hours * 60 + minutes) * 60 * (zone[0] == '-' ? -1 : 1);
    return true;
}

} // namespace

TimePoint SystemClock::now() const {
    return std::chrono::system_clock::now();
}

std::chrono::steady_clock::time_point SystemClock::steady() const {
    return std::chrono::steady_clock::now();
}

std::string toRfc3339(TimePoint time) {
    return formatted(time, "%Y-%m-%dT%H:%M:%SZ");
}

std::string toRfc3339Millis(TimePoint time) {
    const auto millis = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count() % 1000;
    char fraction[8];
    std::snprintf(fraction, sizeof fraction, ".%03dZ", static_cast<int>(millis < 0 ? millis + 1000 : millis));
    return formatted(time, "%Y-%m-%dT%H:%M:%S") + fraction;
}

std::string toIsoDate(TimePoint time) {
    return formatted(time, "%Y-%m-%d");
}

Result<TimePoint> parseRfc3339(std::string_view text) {
    const auto bad = [&] {
        return failure(ErrorKind::Invalid, "'" + std::string(text.substr(0, 64)) + "' is not a time",
                       "use RFC 3339, for example 2026-11-21T12:00:00Z");
    };
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offset = 0;
    if (!digits(text, 0, 4, year) || text.size() < 10 || text[4] != '-' || !digits(text, 5, 2, month) ||
        text[7] != '-' || !digits(text, 8, 2, day)) {
        return bad();
    }
    std::chrono::nanoseconds fraction{0};
    if (text.size() > 10) {
        if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || !digits(text, 11, 2, hour) || text[13] != ':' ||
            !digits(text, 14, 2, minute) || text[16] != ':' || !digits(text, 17, 2, second)) {
            return bad();
        }
        std::size_t at = 19;
        if (text[at] == '.') {
            std::int64_t scale = 100'000'000;
            std::int64_t nanos = 0;
            for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
                nanos += scale * (text[at] - '0');
            }
            fraction = std::chrono::nanoseconds(nanos);
        }
        if (!zoneOffset(text.substr(at), offset)) {
            return bad();
        }
    }
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) {
        return bad();
    }
    const auto seconds = std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(hour) +
                         std::chrono::minutes(minute) + std::chrono::seconds(second - offset);
    return TimePoint(std::chrono::duration_cast<TimePoint::duration>(seconds + fraction));
}

Result<std::chrono::seconds> parseDuration(std::string_view text) {
    const auto bad = [&] {
        return failure(ErrorKind::Invalid, "'" + std::string(text.substr(0, 64)) + "' is not a duration",
                       "use a number with s, m, h or d, for example 90s, 12h or 30d");
    };
    constexpr std::int64_t most = 3653LL * 86400;
    std::int64_t total = 0;
    std::size_t at = 0;
    if (text.empty()) {
        return bad();
    }
    while (at < text.size()) {
        std::int64_t amount = 0;
        const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), amount);
        if (error != std::errc() || text[at] == '-' || end == text.data() + text.size()) {
            return bad();
        }
        std::int64_t unit = 0;
        switch (*end) {
        case 's':
            unit = 1;
            break;
        case 'm':
            unit = 60;
            break;
        case 'h':
            unit = 3600;
            break;
        case 'd':
            unit = 86400;
            break;
        default:
            return bad();
        }
        if (amount > most / unit) {
            return bad();
        }
        total += amount * unit;
        at = static_cast<std::size_t>(end - text.data()) + 1;
    }
    if (total > most) {
        return bad();
    }
    return std::chrono::seconds(total);
}

} // namespace gatehouse
