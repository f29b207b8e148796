#pragma once

#include "core/probe/ProbeReport.h"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace gatehouse::assessment {

/// Reports and transcripts of probe runs on disk, one folder a run: `<root>/<namespace>/<run>/report.json` and
/// `transcripts/…`. Transcripts are stored in their text form, secrets already cut. Thread-safe.
class RunArchive {
public:
    explicit RunArchive(std::filesystem::path root);

    /// Writes report and transcripts; the report last, so that a report on disk has its transcripts.
    [[nodiscard]] Result<void> save(const std::string& nameSpace, const std::string& run,
                                    const probe::ProbeReport& report) const;
    [[nodiscard]] Result<json::Object> report(const std::string& nameSpace, const std::string& run) const;
    [[nodiscard]] Result<std::string> transcript(const std::string& nameSpace, const std::string& run,
                                                 const std::string& id) const;
    [[nodiscard]] Result<void> remove(const std::string& nameSpace, const std::string& run) const;

private:
    [[nodiscard]] Result<std::filesystem::path> folder(const std::string& nameSpace, const std::string& run) const;
    std::filesystem::path m_root;
};

} // namespace gatehouse::assessment
