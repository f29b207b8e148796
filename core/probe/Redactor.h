#pragma once

#include "core/probe/ProbeReport.h"
#include "core/secrets/Secret.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gatehouse::probe {

/// Finds secrets, whole or in pieces of eight characters and more, whatever their case, plain, in Base64 or in hex, and
/// cuts them out of bytes that will be kept. Immutable once filled; may then be used by several threads.
class Redactor {
public:
    explicit Redactor(std::string runId);

    /// `what` names the secret in transcripts ("credential of this endpoint").
    void add(const std::string& what, std::string_view secret);

    /// First 12 hex characters of a SHA-256 salted with the run id: equal secrets of one run can be told, nothing more.
    [[nodiscard]] std::string fingerprint(std::string_view secret) const;

    /// Where secrets are, in order, not overlapping.
    [[nodiscard]] std::vector<Transcript::Cut> find(std::string_view bytes) const;

    /// `bytes` with each span replaced by "<redacted:N bytes>". Cuts must be in order and not overlap.
    [[nodiscard]] static std::string cut(std::string_view bytes, const std::vector<Transcript::Cut>& cuts);

    /// Joins two lists of cuts into one that is in order and does not overlap.
    [[nodiscard]] static std::vector<Transcript::Cut> merge(std::vector<Transcript::Cut> first,
                                                            const std::vector<Transcript::Cut>& second);

private:
    struct Known {
        std::string what;
        std::string fingerprint;
    };

    void addForm(std::size_t index, std::string_view text);
    void findShort(std::string_view bytes, std::vector<Transcript::Cut>& cuts) const;

    std::string m_runId;
    std::vector<Known> m_known;
    std::unordered_map<std::uint64_t, std::size_t> m_grams; ///< eight lower-cased bytes → index in m_known
    std::vector<std::pair<Secret, std::size_t>> m_short;    ///< secrets of less than eight bytes
};

} // namespace gatehouse::probe
