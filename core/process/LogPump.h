#pragma once

#include "core/result/Result.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <thread>

namespace gatehouse::process {

/// Carries what a child prints into a file of bounded size, on a thread of its own.
class LogPump {
public:
    /// An empty path throws everything away.
    [[nodiscard]] static Result<std::unique_ptr<LogPump>> open(const std::filesystem::path& file, std::size_t limit);
    /// Ends once the writing side is closed everywhere, or at once.
    ~LogPump();
    LogPump(const LogPump&) = delete;
    LogPump& operator=(const LogPump&) = delete;

    /// The descriptor the child writes to.
    [[nodiscard]] int input() const { return m_input; }

    /// The child has its own copy of input() now: drops ours and begins to copy.
    void started();

private:
    LogPump(std::filesystem::path file, std::size_t limit);
    void run(const std::stop_token& stop);
    void append(const char* bytes, std::size_t count);
    [[nodiscard]] bool openFile();

    std::filesystem::path m_file;
    std::size_t m_limit;
    std::size_t m_written = 0;
    int m_input = -1;
    int m_output = -1;
    int m_target = -1;
    std::jthread m_thread;
};

} // namespace gatehouse::process
