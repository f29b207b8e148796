#pragma once

#include "core/result/Result.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::process {

/// How a process ended.
struct ExitStatus {
    int code = 0;   ///< exit code; meaningless when `signal` is set
    int signal = 0; ///< the signal that ended it, 0 for none

    /// "exit code 1", "signal 9".
    [[nodiscard]] std::string describe() const;
};

struct ChildOptions {
    std::filesystem::path program;      ///< absolute; PATH is not searched
    std::vector<std::string> arguments; ///< without the program's name; never a secret, because others can read them
    std::map<std::string, std::string> environment; ///< the whole environment of the child
    std::filesystem::path workingFolder;            ///< empty: as ours
    std::filesystem::path logFile;                  ///< gets stdout and stderr, mode 0600; empty: both are thrown away
    /// Raises the child's soft limit of open files to this, as far as the hard limit allows; 0: as ours.
    std::size_t openFiles = 0;
    std::size_t logBytes = 8U << 20; ///< beyond that the file becomes <logFile>.1 and a new one begins
};

/// A program we started. It is killed when this process dies in any way (parent death signal), so the thread that calls
/// start() must live as long as the child is to live.
///
/// Not thread-safe, but pid() may be read from anywhere.
class ChildProcess {
public:
    [[nodiscard]] static Result<ChildProcess> start(const ChildOptions& options);

    ChildProcess(ChildProcess&&) noexcept;
    ChildProcess& operator=(ChildProcess&&) noexcept;
    /// Kills it if it still runs.
    ~ChildProcess();

    [[nodiscard]] int pid() const;
    /// The exit status once it has ended; waits up to `patience` for that.
    [[nodiscard]] std::optional<ExitStatus> wait(std::chrono::milliseconds patience);
    /// SIGTERM, then SIGKILL when it has not ended after `grace`.
    ExitStatus stop(std::chrono::milliseconds grace);

private:
    class Impl;
    explicit ChildProcess(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace gatehouse::process
