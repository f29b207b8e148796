#pragma once

#include "core/evidence/EvidenceBundle.h"

namespace gatehouse::evidence {

/// What is different between two packs. Pure; whether the packs are genuine is the caller's question.
struct PackDiff {
    struct Change {
        std::string section; ///< "endpoint", "conclusion", "verdict", "finding" or "key"
        std::string what;    ///< "added", "removed" or "changed"
        std::string subject;
        std::string before; ///< empty when added
        std::string after;  ///< empty when removed
        bool worse = false; ///< a new finding, a request that now gets through, an endpoint that no longer denies, …
    };

    std::string oldRun;
    std::string newRun;
    /// The new pack names the old one's manifest as its predecessor.
    bool chained = false;
    /// It names a predecessor, but another one: packs in between, or one that was replaced.
    bool namesAnother = false;
    std::vector<Change> changes; ///< by section in the order above, then subject

    [[nodiscard]] bool isWorse() const;
    [[nodiscard]] json::Object toJson() const;
    [[nodiscard]] std::string toMarkdown() const;
};

/// BadRequest when one of the two lacks a part that every pack has.
[[nodiscard]] Result<PackDiff> diffPacks(const Files& older, const Files& newer);

/// The report in a pack (denial-matrix-<date>.json). Transcripts are named by their path.
[[nodiscard]] Result<probe::ProbeReport> reportOf(const Files& pack);

} // namespace gatehouse::evidence
