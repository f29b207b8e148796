#include "agent/controllers/PackChain.h"

#include "core/files/Files.h"
#include "core/json/Json.h"

namespace gatehouse::controllers {

PackChain::PackChain(std::filesystem::path file) : m_file(std::move(file)) {}

Result<std::optional<evidence::ChainLink>> PackChain::head() const {
    const auto text = files::read(m_file, 64U << 10);
    if (!text && text.error().kind == ErrorKind::NotFound) {
        return std::nullopt;
    }
    const auto document = text ? json::parse(*text) : Result<json::Value>(failure(text.error()));
    evidence::ChainLink link;
    if (document) {
        link = {.runId = json::text(*document, "runId"),
                .madeAt = json::text(*document, "madeAt"),
                .manifestSha256 = json::text(*document, "manifestSha256"),
                .sequence = static_cast<std::uint64_t>(json::number(*document, "sequence", 0))};
    }
    if (link.runId.empty() || link.madeAt.empty() || link.manifestSha256.size() != 64 || link.sequence == 0) {
        return failure(ErrorKind::Storage,
                       "the file " + m_file.string() + ", which says what the next pack follows, cannot be read",
                       "restore it from a backup; without it the next pack would begin a new chain");
    }
    return link;
}

Result<void> PackChain::advance(const evidence::ChainLink& made) const {
    const json::Value document{{"sequence", made.sequence},
                               {"runId", made.runId},
                               {"madeAt", made.madeAt},
                               {"manifestSha256", made.manifestSha256}};
    return files::writeAtomically(m_file, json::pretty(document), 0600);
}

} // namespace gatehouse::controllers
