#pragma once

#include "core/keys/KeyMetadata.h"
#include "core/keys/KeyNames.h"
#include "core/object_store/ObjectStore.h"
#include "core/secrets/Secret.h"
#include "core/time/Clock.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::keys {

inline constexpr std::size_t DescriptionLimit = 200;   ///< characters (code points)
inline constexpr std::size_t OwnerLimit = 320;         ///< bytes; the longest e-mail address
inline constexpr std::size_t KeysPerOwnerLimit = 1000; ///< per owner and model

struct MintRequest {
    std::string nameSpace;
    std::string modelName; ///< CR name
    std::string owner;
    std::string description;
    std::string tenant;                           ///< empty: the owner
    std::optional<std::chrono::seconds> lifetime; ///< at least one second; none: never expires
};

struct MintedKey {
    KeyMetadata metadata;
    Secret value; ///< "sk-" and 32 base64url characters; exists only here
};

/// Mint, list, revoke and rotate over the objects `<model>-api-keys` (Secret: client id → "sha256:<hex>" of the key)
/// and
/// `<model>-api-key-metadata` (ConfigMap: client id → JSON). Both are made, with the labels of serving.md §2.0, when
/// the model is there and they are not; they are never removed here.
///
/// Order of writes: metadata first on mint, digest first on revoke, so that a crash between the two leaves a key that
/// does not work, never one that nobody can list; sweep() clears what is left. Writers may run side by side: what
/// another changed meanwhile is read again and the step repeated.
///
/// Errors: NotFound (no such model, no such key; the message names it), Invalid (owner, description, lifetime),
/// TooLarge (too many keys), and the store's own. Thread-safe; blocks on the store.
/// Both objects carry the uid of their model (ModelUidAnnotation). What is left of a model of the same name that is
/// gone is replaced before a key is minted.
class KeyManager {
public:
    /// Whether a key that was just made works where it must.
    using InForce = std::function<Result<void>(const MintedKey&)>;

    KeyManager(ObjectStore& store, const Clock& clock);

    [[nodiscard]] Result<MintedKey> mint(const MintRequest& request);
    /// All keys of a namespace (empty: of all), sorted by namespace, model and client id. Entries that have no digest
    /// (a mint that was cut short) are left out; expired keys are in it until a sweep.
    [[nodiscard]] Result<std::vector<KeyMetadata>> list(const std::string& nameSpace);
    /// NotFound when no such key exists; revoking twice is NotFound the second time. A client id that exists for two
    /// models (possible only with foreign entries) is a Conflict. Answers the key as it was.
    [[nodiscard]] Result<KeyMetadata> revoke(const std::string& nameSpace, const std::string& clientId);
    /// A new key with the same owner, model, description, tenant and lifetime; the old one ends after `grace` (or at
    /// its own end, if that is sooner). With no grace the old one is revoked. A key can be rotated once; rotate its
    /// successor. `inForce` is asked before the old key is touched: when the new one does not work, it is dropped, the
    /// old one stays as it was, and that error is returned.
    [[nodiscard]] Result<MintedKey> rotate(const std::string& nameSpace, const std::string& clientId,
                                           std::chrono::seconds grace, const InForce& inForce = {});
    /// Removes expired keys, metadata without a digest older than a minute, and digests without metadata.
    /// Returns how many.
    [[nodiscard]] Result<std::size_t> sweep();

private:
    struct Pair;
    using Edit = std::function<Result<bool>(json::Object& data)>;

    [[nodiscard]] Result<Pair> read(const std::string& nameSpace, const std::string& modelName);
    [[nodiscard]] Result<std::vector<Pair>> readAll(const std::string& nameSpace);
    [[nodiscard]] Result<Object> ensure(const ResourceType& type, const std::string& nameSpace,
                                        const std::string& modelName);
    [[nodiscard]] Result<void> edit(const ObjectKey& key, const Edit& change);
    [[nodiscard]] Result<KeyMetadata> findKey(const std::string& nameSpace, const std::string& clientId);
    [[nodiscard]] Result<void> dropKey(const KeyMetadata& metadata);
    [[nodiscard]] Result<std::size_t> sweepModel(const Pair& pair);

    ObjectStore& m_store;
    const Clock& m_clock;
};

/// Whether a key Secret or its metadata was made for the model with this uid. What says nothing belongs to whoever has
/// the name.
[[nodiscard]] bool belongsTo(const Object& keyObject, std::string_view modelUid);

} // namespace gatehouse::keys
