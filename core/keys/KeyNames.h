#pragma once

#include "core/secrets/Secret.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Names and values of keys, as the existing key manager makes them (serving.md §6.4).
namespace gatehouse::keys {

inline constexpr std::string_view SecretSuffix = "-api-keys";
inline constexpr std::string_view MetadataSuffix = "-api-key-metadata";
/// On both key objects: the uid of the model they were made for. A model of the same name made later is another one.
inline constexpr std::string_view ModelUidAnnotation = "gatehouse.dev/model-uid";
/// Marks the objects above; the model's CR name is its value.
inline constexpr std::string_view ModelNameLabel = "llm.nebari.dev/model-name";
/// Client id of the dummy key that keeps a key Secret from being empty (contracts.md §9.5). It is nobody.
inline constexpr std::string_view DummyClientId = "gatehouse-none";
/// A client id is a key of Secret.data, which Kubernetes holds to this many bytes.
inline constexpr std::size_t ClientIdLimit = 253;

/// Text reduced to [-._A-Za-z0-9]. What had to change gets a digest of the original behind it, so that two different
/// texts never become one.
[[nodiscard]] std::string sanitize(std::string_view text);
/// 32 hex digits over the parts; ("a", "b") and ("ab") differ.
[[nodiscard]] std::string shortHash(const std::vector<std::string>& parts);
/// "user-<owner>-<model>-<hash>-"; a number follows. Shortened in its readable parts, never in the hash, so that six
/// digits still fit into ClientIdLimit.
[[nodiscard]] std::string clientIdPrefix(std::string_view user, std::string_view model);
/// "sk-" and 24 random bytes in base64url.
[[nodiscard]] Secret newKeyValue();
/// "sha256:<hex>" of a key: what a Secret holds on one host.
[[nodiscard]] std::string digestText(std::string_view key);

[[nodiscard]] std::string secretNameOf(std::string_view modelName);
[[nodiscard]] std::string metadataNameOf(std::string_view modelName);
/// The model's CR name out of an object name; empty when the name lacks the suffix.
[[nodiscard]] std::string modelOfSecretName(std::string_view name);
[[nodiscard]] std::string modelOfMetadataName(std::string_view name);

} // namespace gatehouse::keys
