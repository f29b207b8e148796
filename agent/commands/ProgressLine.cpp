#include "agent/commands/ProgressLine.h"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace gatehouse::commands {
namespace {

std::string printable(std::string text, std::size_t width) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
    return text.substr(0, width);
}

} // namespace

ProgressLine::ProgressLine(const Clock& clock)
    : m_clock(clock),
      m_terminal(isatty(STDERR_FILENO) == 1),
      m_start(clock.steady()),
      m_last(m_start) {}

ProgressLine::~ProgressLine() {
    if (m_shown) {
        std::fputs("\r\033[K", stderr);
    }
}

void ProgressLine::show(const probe::Progress& progress) {
    const auto now = m_clock.steady();
    const bool last = progress.done == progress.total;
    if (!m_terminal || progress.total == 0 || (!last && m_shown && now - m_last < std::chrono::milliseconds(100))) {
        return;
    }
    m_last = now;
    m_shown = true;
    const double spent = std::chrono::duration<double>(now - m_start).count();
    const double left = spent / static_cast<double>(std::max<std::size_t>(progress.done, 1)) *
                        static_cast<double>(progress.total - std::min(progress.done, progress.total));
    std::fprintf(stderr, "\r\033[K%zu of %zu checks, %s left: %s, %s", progress.done, progress.total,
                 timeLeftText(std::chrono::seconds(static_cast<long>(left + 0.5))).c_str(),
                 printable(progress.endpoint, 40).c_str(), printable(progress.check, 24).c_str());
}

std::string timeLeftText(std::chrono::seconds time) {
    const long seconds = std::max<long>(0, static_cast<long>(time.count()));
    if (seconds < 60) {
        return std::to_string(seconds) + " s";
    }
    if (seconds < 3600) {
        return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
    }
    return std::to_string(seconds / 3600) + " h " + std::to_string(seconds % 3600 / 60) + " min";
}

} // namespace gatehouse::commands
