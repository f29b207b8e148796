#pragma once

#include "core/json/Json.h"
#include "core/keys/KeyManager.h"
#include "core/result/Result.h"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace gatehouse::admin_api {

enum class KeyState { Active, Expired, Retiring /* replaced by another, still valid for its grace time */ };

/// A key as the ApiKey resource shows it; never its value.
struct KeyView {
    keys::KeyMetadata metadata;
    std::string modelId; ///< the public model id the key opens
    KeyState state = KeyState::Active;
    std::string lastUsedAt; ///< RFC 3339; empty: never, or not known
};

struct MintedKeyView {
    KeyView view;
    Secret value; ///< shown once, in the answer
};

/// As in the body of an ApiKey create.
struct KeyRequest {
    std::string nameSpace = "default";
    std::string model; ///< model id, or the CR's name where that is unambiguous
    std::string owner;
    std::string description;
    std::string tenant;
    std::optional<std::chrono::seconds> lifetime; ///< none: does not expire
};

/// What the admin API needs of the agent besides the object store. Thread-safe; every call may block and ends soon
/// after `stop`. Errors become Status answers, so they must be fit for a caller to read.
class Backend {
public:
    virtual ~Backend() = default;

    /// All keys of a namespace (empty: of all), sorted by namespace and client id. Cheap: watches call it twice a
    /// second after key ConfigMaps changed.
    [[nodiscard]] virtual Result<std::vector<KeyView>> keys(const std::string& nameSpace) = 0;
    /// Returns once the gateway takes the key. Timeout if that did not come in time; nobody has seen the key then, so
    /// it must not stay behind.
    [[nodiscard]] virtual Result<MintedKeyView> mintKey(const KeyRequest& request, std::stop_token stop) = 0;
    /// Returns once the gateway refuses the key; Timeout says that it is revoked but not yet refused. NotFound.
    [[nodiscard]] virtual Result<KeyView> revokeKey(const std::string& nameSpace, const std::string& clientId,
                                                    std::stop_token stop) = 0;
    /// The new key, once the gateway takes it; the old one ends after `grace`.
    [[nodiscard]] virtual Result<MintedKeyView> rotateKey(const std::string& nameSpace, const std::string& clientId,
                                                          std::chrono::seconds grace, std::stop_token stop) = 0;

    /// The documents of docs/admin-api.md, "Besides resources".
    [[nodiscard]] virtual Result<json::Object> installation() = 0;
    [[nodiscard]] virtual Result<json::Object> inventory(std::stop_token stop) = 0;
    [[nodiscard]] virtual Result<json::Object> probeReport(const std::string& nameSpace, const std::string& run) = 0;
    /// `id` may contain slashes, as Transcript::id does.
    [[nodiscard]] virtual Result<std::string> transcript(const std::string& nameSpace, const std::string& run,
                                                         const std::string& id) = 0;
    /// The pack as the bytes of a .zip.
    [[nodiscard]] virtual Result<std::string> packArchive(const std::string& nameSpace, const std::string& pack) = 0;
    [[nodiscard]] virtual Result<json::Object> verifyPack(const std::string& nameSpace, const std::string& pack,
                                                          std::stop_token stop) = 0;

    /// Answer of /readyz: nothing when ready, else why not.
    [[nodiscard]] virtual Result<void> ready() = 0;
};

} // namespace gatehouse::admin_api
