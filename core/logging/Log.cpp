#include "core/logging/Log.h"

#include "core/json/Json.h"
#include "core/time/Clock.h"

#include <atomic>
#include <unistd.h>

namespace gatehouse::log {
namespace {

std::atomic<Format> activeFormat{Format::Text};
std::atomic<Level> leastLevel{Level::Info};

const char* name(Level level) {
    switch (level) {
    case Level::Debug:
        return "debug";
    case Level::Info:
        return "info";
    case Level::Warning:
        return "warning";
    case Level::Error:
        return "error";
    }
    return "info";
}

/// Control characters are escaped, so that logged input cannot forge a line.
std::string printable(std::string_view text) {
    const bool plain = !text.empty() && text.find_first_of(" \"=\\") == std::string_view::npos &&
                       text.find_first_not_of("\x7f") != std::string_view::npos;
    bool control = false;
    for (const char c : text) {
        control = control || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    }
    return plain && !control ? std::string(text) : boost::json::serialize(boost::json::string(text));
}

} // namespace

void configure(Format format, Level least) {
    activeFormat = format;
    leastLevel = least;
}

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
    if (level < leastLevel.load()) {
        return;
    }
    const std::string time = toRfc3339Millis(SystemClock().now());
    std::string line;
    if (activeFormat.load() == Format::Json) {
        json::Object object{{"ts", time}, {"level", name(level)}, {"msg", message}};
        for (const auto& [key, value] : fields) {
            object[key] = value;
        }
        line = json::compact(object);
    } else {
        line = time + " " + name(level) + " " + std::string(message);
        for (const auto& [key, value] : fields) {
            line += " " + std::string(key) + "=" + printable(value);
        }
    }
    line += '\n';
    // One write() call per line keeps lines of several threads whole.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

} // namespace gatehouse::log
