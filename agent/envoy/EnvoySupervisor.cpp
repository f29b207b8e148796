#include "agent/envoy/EnvoySupervisor.h"

#include "agent/envoy/EnvoyAdmin.h"
#include "agent/envoy/Orphan.h"
#include "core/files/Files.h"
#include "core/logging/Log.h"
#include "core/process/Environment.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::envoy {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds StartPatience{30};
constexpr std::chrono::seconds StopGrace{4};
constexpr milliseconds FirstPause{100};
constexpr milliseconds LongestPause{10'000};

struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

Result<Address> parseAddress(const std::string& text, std::uint16_t port) {
    Address out;
    auto* four = reinterpret_cast<sockaddr_in*>(&out.storage);
    auto* six = reinterpret_cast<sockaddr_in6*>(&out.storage);
    if (::inet_pton(AF_INET, text.c_str(), &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        out.size = sizeof(sockaddr_in);
        return out;
    }
    if (::inet_pton(AF_INET6, text.c_str(), &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        out.size = sizeof(sockaddr_in6);
        return out;
    }
    return failure(ErrorKind::Invalid, "'" + text + "' is no IP address to listen on",
                   "give an address such as 127.0.0.1 or ::1");
}

/// The last lines Envoy printed that say what is wrong.
std::string lastWords(const std::filesystem::path& log) {
    std::error_code ignored;
    const Result<std::string> text = files::read(log, 64U << 20);
    if (!text) {
        return {};
    }
    for (const char* mark : {"[critical]", "[error]"}) {
        if (const std::size_t at = text->rfind(mark); at != std::string::npos) {
            const std::size_t start = at + std::strlen(mark);
            return text->substr(start, std::min<std::size_t>(text->find('\n', start) - start, 400));
        }
    }
    return {};
}

} // namespace

const char* word(GatewayState state) {
    switch (state) {
    case GatewayState::Stopped:
        return "Stopped";
    case GatewayState::Starting:
        return "Starting";
    case GatewayState::Running:
        return "Running";
    case GatewayState::Failed:
        break;
    }
    return "Failed";
}

Result<void> ensurePortFree(const std::string& address, std::uint16_t port) {
    Result<Address> parsed = parseAddress(address, port);
    if (!parsed) {
        return failure(parsed.error());
    }
    // Without SO_REUSEPORT, which Envoy sets: two Envoys of one user would share the port silently.
    const int descriptor = ::socket(parsed->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const bool free = ::bind(descriptor, reinterpret_cast<sockaddr*>(&parsed->storage), parsed->size) == 0;
    const int code = errno;
    ::close(descriptor);
    if (free) {
        return {};
    }
    const std::string where = address + " port " + std::to_string(port);
    if (code == EADDRINUSE) {
        return failure(ErrorKind::Unreachable, "the gateway cannot listen on " + where + ": something else does",
                       "end that program or choose another port with --port");
    }
    return failure(ErrorKind::Unreachable, "the gateway cannot listen on " + where + ": " + std::strerror(code),
                   code == EACCES ? "choose a port above 1023" : "choose an address of this machine");
}

EnvoySupervisor::EnvoySupervisor(FoundEnvoy envoy, EnvoySettings settings)
    : m_envoy(std::move(envoy)),
      m_settings(std::move(settings)) {
    m_status.version = m_envoy.version;
}

EnvoySupervisor::~EnvoySupervisor() {
    stop();
}

EnvoyStatus EnvoySupervisor::status() const {
    const std::lock_guard lock(m_mutex);
    return m_status;
}

void EnvoySupervisor::set(GatewayState state, std::string message, int pid) {
    {
        const std::lock_guard lock(m_mutex);
        m_status.state = state;
        m_status.message = std::move(message);
        m_status.pid = pid;
    }
    m_changed.notify_all();
}

Result<void> EnvoySupervisor::start(std::stop_token stop) {
    if (endOrphan(m_settings.paths.pidFile(), m_settings.paths.bootstrap())) {
        log::warning("ended an Envoy that an earlier agent left behind");
    }
    if (Result<void> free = ensurePortFree(m_settings.address, m_settings.port); !free) {
        return free;
    }
    std::error_code ignored;
    std::filesystem::remove(m_settings.paths.adminSocket(), ignored);
    set(GatewayState::Starting, "Envoy is starting", 0);
    {
        const std::lock_guard lock(m_mutex);
        m_status.restarts = 0;
    }
    m_thread = std::jthread([this](const std::stop_token& ended) { run(ended); });
    std::unique_lock lock(m_mutex);
    const bool known =
        m_changed.wait_for(lock, stop, StartPatience, [this] { return m_status.state != GatewayState::Starting; });
    if (known && m_status.state == GatewayState::Running) {
        return {};
    }
    const std::string message = known ? m_status.message : "it was not ready in time";
    lock.unlock();
    this->stop();
    return failure(stop.stop_requested() ? ErrorKind::Cancelled : ErrorKind::Internal,
                   "Envoy did not start: " + message, "see " + m_settings.paths.processLog().string());
}

void EnvoySupervisor::stop() {
    if (m_thread.joinable()) {
        m_thread.request_stop();
        m_changed.notify_all();
        m_thread.join();
        set(GatewayState::Stopped, "the gateway is stopped", 0);
    }
}

Result<process::ChildProcess> EnvoySupervisor::launch() {
    process::ChildOptions options;
    options.program = m_envoy.binary;
    const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
    options.arguments = {"-c",
                         m_settings.paths.bootstrap().string(),
                         "--disable-hot-restart",
                         "--concurrency",
                         std::to_string(threads),
                         "--log-level",
                         "warning",
                         "--component-log-level",
                         "misc:error",
                         "--file-flush-interval-msec",
                         "200"};
    options.environment = process::plainEnvironment();
    options.logFile = m_settings.paths.processLog();
    options.openFiles = 16'384; // two for each connection, and room
    Result<process::ChildProcess> child = process::ChildProcess::start(options);
    if (child) {
        if (Result<void> noted = files::writeAtomically(m_settings.paths.pidFile(), std::to_string(child->pid()), 0600);
            !noted) {
            log::warning("cannot write the pid file of Envoy", {{"reason", noted.error().describe()}});
        }
    }
    return child;
}

bool EnvoySupervisor::watch(process::ChildProcess& child, const std::stop_token& stop) {
    const EnvoyAdmin admin(m_settings.paths.adminSocket());
    bool ready = false;
    while (!stop.stop_requested()) {
        const auto ended = child.wait(ready ? milliseconds(200) : milliseconds(20));
        if (ended) {
            const std::string words = lastWords(m_settings.paths.processLog());
            set(ready ? GatewayState::Starting : GatewayState::Failed,
                "Envoy ended with " + ended->describe() + (words.empty() ? "" : ":" + words), 0);
            log::warning("Envoy ended", {{"how", ended->describe()}});
            return false;
        }
        if (!ready && admin.isReady(stop)) {
            ready = true;
            set(GatewayState::Running, {}, child.pid());
            log::info("gateway runs", {{"pid", std::to_string(child.pid())}, {"envoy", m_envoy.version}});
        }
    }
    return true;
}

void EnvoySupervisor::run(const std::stop_token& stop) {
    milliseconds pause = FirstPause;
    while (!stop.stop_requested()) {
        const auto begun = std::chrono::steady_clock::now();
        if (Result<process::ChildProcess> child = launch(); !child) {
            set(GatewayState::Failed, child.error().describe(), 0);
        } else if (watch(*child, stop)) {
            child->stop(StopGrace);
            std::error_code ignored;
            std::filesystem::remove(m_settings.paths.pidFile(), ignored);
            return;
        }
        const bool lived = std::chrono::steady_clock::now() - begun > std::chrono::seconds(30);
        pause = lived ? FirstPause : std::min(pause * 2, LongestPause);
        std::unique_lock lock(m_mutex);
        ++m_status.restarts;
        m_changed.wait_for(lock, stop, pause, [] { return false; });
    }
}

} // namespace gatehouse::envoy
