#pragma once

#include "core/evidence/EvidenceBundle.h"
#include "core/result/Result.h"

#include <filesystem>
#include <optional>

namespace gatehouse::controllers {

/// Which pack the next one follows, kept in a file beside the packs: whoever deletes an EvidencePack object or a pack's
/// folder does not make the next pack the first of a chain, and the gap shows in the sequence.
class PackChain {
public:
    explicit PackChain(std::filesystem::path file);

    /// No value when no pack has been made yet. Storage when the file is there and cannot be read: a chain is never
    /// started anew because of that.
    [[nodiscard]] Result<std::optional<evidence::ChainLink>> head() const;
    [[nodiscard]] Result<void> advance(const evidence::ChainLink& made) const;

private:
    const std::filesystem::path m_file;
};

} // namespace gatehouse::controllers
