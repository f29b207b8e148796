#include "core/process/LogPump.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::process {

LogPump::LogPump(std::filesystem::path file, std::size_t limit) : m_file(std::move(file)), m_limit(limit) {}

Result<std::unique_ptr<LogPump>> LogPump::open(const std::filesystem::path& file, std::size_t limit) {
    std::unique_ptr<LogPump> pump(new LogPump(file, limit));
    if (file.empty()) {
        pump->m_input = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        return pump;
    }
    if (!pump->openFile()) {
        return failure(ErrorKind::Storage, "cannot write " + file.string() + ": " + std::strerror(errno),
                       "check the owner, the mode and the free space of its folder");
    }
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        return failure(ErrorKind::Internal, std::string("cannot make a pipe: ") + std::strerror(errno));
    }
    pump->m_output = ends[0];
    pump->m_input = ends[1];
    return pump;
}

LogPump::~LogPump() {
    m_thread.request_stop();
    if (m_thread.joinable()) {
        m_thread.join();
    }
    for (const int descriptor : {m_input, m_output, m_target}) {
        if (descriptor >= 0) {
            ::close(descriptor);
        }
    }
}

bool LogPump::openFile() {
    m_target = ::open(m_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);

    struct stat status {};

    m_written = m_target >= 0 && ::fstat(m_target, &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
    return m_target >= 0;
}

void LogPump::started() {
    ::close(m_input);
    m_input = -1;
    if (m_output >= 0) {
        m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
}

void LogPump::run(const std::stop_token& stop) {
    char chunk[16384];
    for (;;) {
        pollfd watched{m_output, POLLIN, 0};
        const int ready = ::poll(&watched, 1, 200);
        if (ready == 0 && stop.stop_requested()) {
            return;
        }
        if (ready <= 0) {
            continue;
        }
        const ssize_t count = ::read(m_output, chunk, sizeof chunk);
        if (count == 0 || (count < 0 && errno != EINTR)) {
            return;
        }
        if (count > 0) {
            append(chunk, static_cast<std::size_t>(count));
        }
    }
}

void LogPump::append(const char* bytes, std::size_t count) {
    if (m_written + count > m_limit && m_target >= 0) {
        std::error_code ignored;
        std::filesystem::path old = m_file;
        std::filesystem::rename(m_file, old += ".1", ignored);
        ::close(m_target);
        if (!openFile()) {
            return;
        }
    }
    // A full disk loses log lines, never the child.
    const ssize_t written = m_target < 0 ? 0 : ::write(m_target, bytes, count);
    m_written += written > 0 ? static_cast<std::size_t>(written) : 0;
}

} // namespace gatehouse::process
