#include "agent/assessment/RunArchive.h"

#include "core/evidence/EvidenceBundle.h"
#include "core/files/Files.h"

namespace gatehouse::assessment {
namespace {

/// A name that is one path component and nothing else.
bool isPlainName(const std::string& name) {
    return !name.empty() && name.size() <= 253 && name.front() != '.' &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string::npos;
}

} // namespace

RunArchive::RunArchive(std::filesystem::path root) : m_root(std::move(root)) {}

Result<std::filesystem::path> RunArchive::folder(const std::string& nameSpace, const std::string& run) const {
    if (!isPlainName(nameSpace) || !isPlainName(run)) {
        return failure(ErrorKind::NotFound, "there is no such probe run");
    }
    return m_root / nameSpace / run;
}

Result<void> RunArchive::save(const std::string& nameSpace, const std::string& run,
                              const probe::ProbeReport& report) const {
    const auto place = folder(nameSpace, run);
    if (!place) {
        return failure(place.error());
    }
    for (const auto& [id, transcript] : report.transcripts) {
        const auto path = *place / evidence::transcriptPath(id);
        auto made = files::makeFolder(path.parent_path(), 0700);
        auto written = made ? files::writeAtomically(path, transcript.toText(), 0600) : made;
        if (!written) {
            return failure(because("a transcript could not be kept", std::move(written.error())));
        }
    }
    if (auto made = files::makeFolder(*place, 0700); !made) {
        return made;
    }
    return files::writeAtomically(*place / "report.json", json::pretty(report.toJson()), 0600);
}

Result<json::Object> RunArchive::report(const std::string& nameSpace, const std::string& run) const {
    const auto place = folder(nameSpace, run);
    auto text = place ? files::read(*place / "report.json", 256U << 20) : Result<std::string>(failure(place.error()));
    if (!text) {
        return failure(ErrorKind::NotFound, "probe run " + run + " has no report yet");
    }
    auto value = json::parse(*text, {.bytes = 256U << 20});
    if (!value || !value->is_object()) {
        return failure(ErrorKind::Storage, "the report of probe run " + run + " is damaged", "start a new run");
    }
    return std::move(value->get_object());
}

Result<std::string> RunArchive::transcript(const std::string& nameSpace, const std::string& run,
                                           const std::string& id) const {
    const auto place = folder(nameSpace, run);
    auto text = place && id.find("..") == std::string::npos ? files::read(*place / evidence::transcriptPath(id))
                                                            : Result<std::string>(failure(ErrorKind::NotFound, ""));
    if (!text) {
        return failure(ErrorKind::NotFound, "probe run " + run + " has no transcript '" + id.substr(0, 200) + "'");
    }
    return text;
}

Result<void> RunArchive::remove(const std::string& nameSpace, const std::string& run) const {
    const auto place = folder(nameSpace, run);
    if (place) {
        std::error_code code;
        std::filesystem::remove_all(*place, code);
        if (code) {
            return failure(ErrorKind::Storage, "cannot remove " + place->string() + ": " + code.message());
        }
    }
    return {};
}

} // namespace gatehouse::assessment
