#pragma once

#include "core/probe/Prober.h"

#include <string>

namespace gatehouse::commands {

/// One line on stderr that is written over, with what is left to do; nothing where stderr is no terminal.
class ProgressLine {
public:
    explicit ProgressLine(const Clock& clock);
    /// Takes the line away.
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(const probe::Progress& progress);

private:
    const Clock& m_clock;
    bool m_terminal;
    bool m_shown = false;
    std::chrono::steady_clock::time_point m_start;
    std::chrono::steady_clock::time_point m_last;
};

/// "41 s", "3 min 20 s", "2 h 5 min".
[[nodiscard]] std::string timeLeftText(std::chrono::seconds time);

} // namespace gatehouse::commands
