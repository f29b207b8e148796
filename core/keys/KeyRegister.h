#pragma once

#include "core/crypto/Crypto.h"
#include "core/object_store/ObjectStore.h"
#include "core/secrets/Secret.h"
#include "core/time/Clock.h"

#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

namespace gatehouse::keys {

/// A key's metadata, as in the ConfigMap `<model>-api-key-metadata` (serving.md §6.4); never its value.
struct KeyMetadata {
    std::string clientId; ///< "user-<owner>-<model>-<hash>-<n>"; stable, not secret
    std::string creator;  ///< the owner as given
    std::string description;
    std::string createdAt; ///< RFC 3339, whole seconds
    std::string modelName; ///< CR name
    std::string nameSpace;
    std::string expiresAt;  ///< RFC 3339; empty: never
    std::string tenant;     ///< who pays and answers for it; the owner when not given
    std::string replacedBy; ///< client id that took its place in a rotation
};

struct MintRequest {
    std::string nameSpace;
    std::string modelName; ///< CR name
    std::string owner;
    std::string description;
    std::string tenant;
    std::optional<std::chrono::seconds> lifetime;
};

struct MintedKey {
    KeyMetadata metadata;
    Secret value; ///< "sk-" and 32 base64url characters; exists only here
};

/// Mint, list, revoke and rotate over the objects `<model>-api-keys` (Secret: client id → "sha256:<hex>" of the key on
/// one host) and `<model>-api-key-metadata` (ConfigMap: client id → JSON). Order of writes: metadata first on mint,
/// digest first on revoke, so that a crash between the two leaves a key that does not work, never one that nobody can
/// list. Thread-safe; blocks on the store.
class KeyManager {
public:
    KeyManager(ObjectStore& store, const Clock& clock);
    [[nodiscard]] Result<MintedKey> mint(const MintRequest& request);
    /// All keys of a namespace (empty: of all), sorted by namespace, model and client id.
    [[nodiscard]] Result<std::vector<KeyMetadata>> list(const std::string& nameSpace);
    /// NotFound when no such key exists; revoking twice is NotFound the second time.
    [[nodiscard]] Result<KeyMetadata> revoke(const std::string& nameSpace, const std::string& clientId);
    /// A new key with the same owner, model, description and lifetime; the old one ends after `grace`.
    [[nodiscard]] Result<MintedKey> rotate(const std::string& nameSpace, const std::string& clientId,
                                           std::chrono::seconds grace);
    /// Removes expired keys and metadata without a digest older than a minute. Returns how many.
    [[nodiscard]] Result<std::size_t> sweep();

private:
    ObjectStore& m_store;
    const Clock& m_clock;
};

/// Pure helpers of serving.md §6.4.
[[nodiscard]] std::string sanitize(std::string_view text);
[[nodiscard]] std::string shortHash(const std::vector<std::string>& parts);
[[nodiscard]] std::string clientIdPrefix(std::string_view user, std::string_view model);
[[nodiscard]] Secret newKeyValue();

} // namespace gatehouse::keys
