#pragma once

#include "core/object_store/Object.h"
#include "core/time/Clock.h"

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::keys {

/// What the ConfigMap `<model>-api-key-metadata` says of a key under its client id (serving.md §6.4); never its value.
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

    /// A time that cannot be read counts as passed.
    [[nodiscard]] bool isExpired(TimePoint now) const;
};

/// One entry of the ConfigMap. Our additions (expiresAt, tenant, replacedBy) are left out while empty, so that the
/// existing key manager reads what we write.
[[nodiscard]] std::string toText(const KeyMetadata& metadata);

/// Reads one entry of `configMap`. Fails when it is not JSON of this shape, or when clientId, modelName or namespace
/// do not say where the entry really stands: such an entry describes no key.
[[nodiscard]] Result<KeyMetadata> metadataOf(const Object& configMap, std::string_view clientId);

} // namespace gatehouse::keys
