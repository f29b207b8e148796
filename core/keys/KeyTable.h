#pragma once

#include "core/crypto/Crypto.h"
#include "core/object_store/Object.h"
#include "core/time/Clock.h"

#include <cstddef>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gatehouse::keys {

/// Whom a key stands for and what it opens: one model.
struct KeyEntry {
    std::string clientId; ///< unique within a model, not across namespaces
    std::string owner;
    std::string tenant;
    std::string nameSpace; ///< of the model
    std::string modelName; ///< CR name of the model
    std::optional<TimePoint> expiresAt;

    [[nodiscard]] bool isExpired(TimePoint now) const { return expiresAt && *expiresAt <= now; }

    bool operator==(const KeyEntry&) const = default;
};

/// Every key that works, by the SHA-256 of its value. Immutable; share it as std::shared_ptr<const KeyTable> and swap
/// the pointer when the key objects change.
///
/// The look-up is a plain hash map. Its timing may tell an attacker something about the digest of what they sent
/// themselves, which they can compute anyway; finding a stored digest's pre-image from it would mean guessing a 192-bit
/// random value, so nothing is gained by a constant-time scan. The final comparison is constant time all the same.
///
/// Fails closed: an entry without readable metadata, a value that is no digest, and a digest that stands in two places
/// are in no table; problems() says which.
class KeyTable {
public:
    KeyTable() = default;
    /// `secrets`: objects `<model>-api-keys`; `metadata`: ConfigMaps `<model>-api-key-metadata`. Objects of other names
    /// and objects being deleted are passed over.
    [[nodiscard]] static KeyTable from(const std::vector<Object>& secrets, const std::vector<Object>& metadata);

    /// This table plus keys that live in memory only (the prober's own). A digest that is there already, or comes
    /// twice, is dropped from both, as in from().
    [[nodiscard]] KeyTable with(const std::vector<std::pair<crypto::Sha256, KeyEntry>>& extra) const;

    /// The owner of the key `value` as a client sent it; null when it is unknown or has expired by `now`.
    /// The pointer lives as long as the table.
    [[nodiscard]] const KeyEntry* find(std::string_view value, TimePoint now) const;
    /// Also finds expired entries, for saying why a key no longer works.
    [[nodiscard]] const KeyEntry* findDigest(const crypto::Sha256& digest) const;

    [[nodiscard]] std::size_t size() const { return m_entries.size(); }

    [[nodiscard]] bool contains(std::string_view nameSpace, std::string_view modelName,
                                std::string_view clientId) const;

    /// Sentences for the log and the findings; they name client ids, never digests or keys.
    [[nodiscard]] const std::vector<std::string>& problems() const { return m_problems; }

private:
    struct DigestHash {
        std::size_t operator()(const crypto::Sha256& digest) const {
            std::size_t value = 0;
            std::memcpy(&value, digest.data(), sizeof value);
            return value;
        }
    };

    std::unordered_map<crypto::Sha256, KeyEntry, DigestHash> m_entries;
    std::vector<std::string> m_problems;
};

} // namespace gatehouse::keys
