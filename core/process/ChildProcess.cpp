#include "core/process/ChildProcess.h"

#include "core/process/LogPump.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace gatehouse::process {
namespace {

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (std::string& text : texts) {
        out.push_back(text.data());
    }
    out.push_back(nullptr);
    return out;
}

/// Everything the child needs, made before the fork: afterwards only async-signal-safe calls are allowed.
struct Launch {
    const char* program;
    char** argv;
    char** envp;
    const char* folder; ///< null: stay
    int output;
    int failurePipe;
    pid_t parent;
    rlimit openFiles; ///< rlim_max 0: leave it
};

[[noreturn]] void failInChild(int pipe) {
    const int code = errno;
    [[maybe_unused]] const ssize_t written = ::write(pipe, &code, sizeof code);
    ::_exit(127);
}

[[noreturn]] void becomeChild(const Launch& launch) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != launch.parent) {
        ::_exit(127); // the parent died before the line above
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    if (launch.openFiles.rlim_max != 0) {
        ::setrlimit(RLIMIT_NOFILE, &launch.openFiles);
    }
    const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (input < 0 || ::dup2(input, 0) < 0 || ::dup2(launch.output, 1) < 0 || ::dup2(launch.output, 2) < 0) {
        failInChild(launch.failurePipe);
    }
    if (launch.folder != nullptr && ::chdir(launch.folder) != 0) {
        failInChild(launch.failurePipe);
    }
    ::execve(launch.program, launch.argv, launch.envp);
    failInChild(launch.failurePipe);
}

rlimit openFileLimit(std::size_t wanted) {
    rlimit limit{0, 0};
    if (wanted == 0 || ::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return {0, 0};
    }
    limit.rlim_cur = std::max(limit.rlim_cur, std::min<rlim_t>(wanted, limit.rlim_max));
    return limit;
}

Error startFailure(const ChildOptions& options, int code) {
    return makeError(code == ENOENT ? ErrorKind::NotFound : ErrorKind::Storage,
                     "cannot start " + options.program.string() + ": " + std::strerror(code));
}

} // namespace

std::string ExitStatus::describe() const {
    return signal != 0 ? "signal " + std::to_string(signal) : "exit code " + std::to_string(code);
}

class ChildProcess::Impl {
public:
    Impl(pid_t pid, int pidDescriptor, std::unique_ptr<LogPump> pump)
        : m_pid(pid),
          m_descriptor(pidDescriptor),
          m_pump(std::move(pump)) {}

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    ~Impl() {
        if (!m_status) {
            ::kill(m_pid, SIGKILL);
            reap();
        }
        if (m_descriptor >= 0) {
            ::close(m_descriptor);
        }
    }

    [[nodiscard]] int pid() const { return m_pid; }

    std::optional<ExitStatus> wait(std::chrono::milliseconds patience) {
        if (m_status) {
            return m_status;
        }
        pollfd watched{m_descriptor, POLLIN, 0};
        const int ready = ::poll(&watched, 1, static_cast<int>(patience.count()));
        if (ready > 0) {
            reap();
        }
        return m_status;
    }

    ExitStatus stop(std::chrono::milliseconds grace) {
        if (!m_status) {
            ::kill(m_pid, SIGTERM);
            if (!wait(grace)) {
                ::kill(m_pid, SIGKILL);
                reap();
            }
        }
        return *m_status;
    }

private:
    void reap() {
        int status = 0;
        while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR) {
        }
        m_status = WIFSIGNALED(status) ? ExitStatus{0, WTERMSIG(status)} : ExitStatus{WEXITSTATUS(status), 0};
    }

    pid_t m_pid;
    int m_descriptor;
    std::unique_ptr<LogPump> m_pump;
    std::optional<ExitStatus> m_status;
};

Result<ChildProcess> ChildProcess::start(const ChildOptions& options) {
    std::vector<std::string> arguments{options.program.string()};
    arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
    std::vector<std::string> environment;
    for (const auto& [name, value] : options.environment) {
        environment.push_back(name + "=" + value);
    }
    std::vector<char*> argv = pointersTo(arguments);
    std::vector<char*> envp = pointersTo(environment);
    Result<std::unique_ptr<LogPump>> pump = LogPump::open(options.logFile, options.logBytes);
    if (!pump) {
        return failure(pump.error());
    }
    int failurePipe[2];
    if (::pipe2(failurePipe, O_CLOEXEC) != 0) {
        return failure(startFailure(options, errno));
    }
    const std::string folder = options.workingFolder.string();
    const Launch launch{argv[0],          argv.data(),    envp.data(), folder.empty() ? nullptr : folder.c_str(),
                        (*pump)->input(), failurePipe[1], ::getpid(),  openFileLimit(options.openFiles)};
    const pid_t pid = ::fork();
    if (pid == 0) {
        becomeChild(launch);
    }
    const int forkError = errno;
    ::close(failurePipe[1]);
    int code = pid < 0 ? forkError : 0;
    if (pid > 0) {
        while (::read(failurePipe[0], &code, sizeof code) < 0 && errno == EINTR) {
        }
    }
    ::close(failurePipe[0]);
    if (code != 0) {
        if (pid > 0) {
            ::waitpid(pid, nullptr, 0);
        }
        return failure(startFailure(options, code));
    }
    (*pump)->started();
    const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (descriptor < 0) {
        const int pidfdError = errno;
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return failure(startFailure(options, pidfdError));
    }
    return ChildProcess(std::make_unique<Impl>(pid, descriptor, std::move(*pump)));
}

ChildProcess::ChildProcess(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;
ChildProcess& ChildProcess::operator=(ChildProcess&&) noexcept = default;
ChildProcess::~ChildProcess() = default;

int ChildProcess::pid() const {
    return m_impl->pid();
}

std::optional<ExitStatus> ChildProcess::wait(std::chrono::milliseconds patience) {
    return m_impl->wait(patience);
}

ExitStatus ChildProcess::stop(std::chrono::milliseconds grace) {
    return m_impl->stop(grace);
}

} // namespace gatehouse::process
