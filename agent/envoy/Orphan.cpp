#include "agent/envoy/Orphan.h"

#include "core/files/Files.h"

#include <charconv>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

namespace gatehouse::envoy {
namespace {

bool isOurs(int pid, const std::string& bootstrap) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline", std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    const std::string arguments = '\0' + text.str();
    return arguments.find('\0' + bootstrap + '\0') != std::string::npos;
}

} // namespace

bool endOrphan(const std::filesystem::path& pidFile, const std::filesystem::path& bootstrap) {
    const Result<std::string> text = files::read(pidFile, 64);
    int pid = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), pid).ec != std::errc() || pid <= 1) {
        return false;
    }
    if (!isOurs(pid, bootstrap.string())) {
        return false;
    }
    ::kill(pid, SIGTERM);
    for (int i = 0; i < 50 && isOurs(pid, bootstrap.string()); ++i) {
        if (i == 30) {
            ::kill(pid, SIGKILL);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return true;
}

} // namespace gatehouse::envoy
