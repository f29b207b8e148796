#pragma once

#include "core/object_store/KnownKinds.h"
#include "core/object_store/Object.h"

#include <string>

/// What Kubernetes' API server does to an object before it is stored, as pure functions.
namespace gatehouse::local_store {

/// Bytes of an object as stored.
inline constexpr std::size_t ObjectLimit = 1U << 20;

/// The kind of an object to be written. BadRequest when this host keeps no such kind.
[[nodiscard]] Result<const KnownKind*> storedKindOf(const Object& object);
[[nodiscard]] ObjectKey keyOf(const Object& object, const ResourceType& type);

/// Names, labels, annotations, finalizers and owners are well-formed and nothing unknown stands in metadata.
/// BadRequest (wrong type, unknown field) or Invalid, with the field.
[[nodiscard]] Result<void> checkMetadata(const Object& object, const KnownKind& kind);

/// Secrets and ConfigMaps as the API server keeps them: stringData folded into data, the type set, keys and encoding
/// checked. Other kinds pass unchanged.
[[nodiscard]] Result<Object> normalized(Object object, const KnownKind& kind);

/// A new object: what a client may not set is dropped; uid, creationTimestamp and a generated name are set.
[[nodiscard]] Result<Object> newObject(const Object& incoming, const KnownKind& kind, const std::string& now);

/// `incoming` in the place of `live`: what a client may not change is kept. Conflict when uid or resourceVersion do
/// not match. With `isStatus` only the status is taken over.
[[nodiscard]] Result<Object> replacement(const Object& live, const Object& incoming, const KnownKind& kind,
                                         bool isStatus);

/// Invalid when finalizers are added to an object being deleted, or an immutable one is changed.
[[nodiscard]] Result<void> checkTransition(const Object& live, const Object& next, const KnownKind& kind);

/// True when anything but metadata and status differs.
[[nodiscard]] bool changesGeneration(const Object& live, const Object& next);
[[nodiscard]] bool keepsGeneration(const KnownKind& kind); ///< Secrets and ConfigMaps have none

/// Name for `generateName`: at most 58 of its characters and five random ones.
[[nodiscard]] std::string generatedName(std::string_view base);

} // namespace gatehouse::local_store
