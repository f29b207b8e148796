#pragma once

#include "core/evidence/EvidenceBundle.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::signing {

/// manifest.json: every other file of the pack but the signature, sorted by path; canonical JSON.
struct Manifest {
    struct Entry {
        std::string path;
        std::uint64_t size = 0;
        std::string sha256;
    };

    std::string runId;
    std::string madeAt;
    std::vector<Entry> files;
};

[[nodiscard]] std::string manifestText(const evidence::EvidenceBundle& bundle);
/// Integrity unless `text` has exactly the members and the form that manifestText() writes.
[[nodiscard]] Result<Manifest> readManifest(std::string_view text);

} // namespace gatehouse::signing
