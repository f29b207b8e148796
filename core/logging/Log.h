#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace gatehouse::log {

enum class Level { Debug, Info, Warning, Error };
enum class Format { Text, Json };

/// One key and its value beside a constant message. Secret has no conversion to string, so it cannot get in here.
using Field = std::pair<std::string_view, std::string>;

/// Process-wide set-up, called once from main() before threads start. Logs go to stderr.
void configure(Format format, Level least);

/// `message` is constant English ("gateway started"); what varies goes into fields. Thread-safe; one line a call.
void write(Level level, std::string_view message, std::initializer_list<Field> fields = {});

inline void debug(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::Debug, message, fields);
}

inline void info(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::Info, message, fields);
}

inline void warning(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::Warning, message, fields);
}

inline void error(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::Error, message, fields);
}

} // namespace gatehouse::log
