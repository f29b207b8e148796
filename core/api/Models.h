#pragma once

#include "core/object_store/Object.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::api {

/// What both kinds of model have in common with every object.
struct Identity {
    std::string nameSpace; ///< "default" where the object names none
    std::string name;
    std::string uid;               ///< empty before the object was stored
    std::string creationTimestamp; ///< RFC 3339; empty before the object was stored
    bool beingDeleted = false;
    std::map<std::string, std::string> annotations;
};

struct Access {
    bool isPublic = false;           ///< every authenticated caller
    std::vector<std::string> groups; ///< ignored when public
};

struct Endpoints {
    bool external = true;
    bool internal = true;
    std::string subdomain;               ///< checked, otherwise unused (serving.md A-14)
    std::string requestTimeout = "600s"; ///< as written; LLMModel only
};

/// Annotation that says where the model server is on one host: "http://127.0.0.1:8001".
inline constexpr const char* UpstreamAnnotation = "gatehouse.dev/upstream";
/// Annotation that names a Secret of the model's namespace whose `apiKey` the gateway sends to that server.
inline constexpr const char* UpstreamSecretAnnotation = "gatehouse.dev/upstream-secret";
/// Annotation shown wherever the model is.
inline constexpr const char* NoteAnnotation = "gatehouse.dev/note";

/// An LLMModel with the defaults of serving.md §1.2 filled in, those of the operator's code included.
struct LLMModel {
    enum class Source { HuggingFace, Oci };
    enum class StorageType { Claim, Ephemeral };

    struct Model {
        std::string name; ///< the public model id
        Source source = Source::HuggingFace;
        std::string revision;
        std::string authSecretName;
        std::string image;
        std::optional<bool> preload; ///< unset means true
        StorageType storage = StorageType::Claim;
        std::string storageSize;       ///< a quantity; may be empty
        bool storageSizeGiven = false; ///< written down, even if as ""
        std::string storageClassName;
    };

    struct Serving {
        std::string image;
        std::vector<std::string> command;
        std::int64_t replicas = 1;
        std::optional<std::int64_t> tensorParallelism; ///< unset: gpuCount
        std::int64_t dataParallelism = 1;
        std::vector<std::string> vllmArgs;
        bool rollingUpdate = false;
        bool monitoring = false;
    };

    /// spec.advanced.vllm; Kubernetes' own types are kept as they were written.
    struct Advanced {
        std::vector<std::string> extraArgs;
        json::Array extraEnv;
        json::Array tolerations;
        json::Object nodeSelector;
        std::optional<json::Value> affinity;
        std::optional<json::Value> schedulerConfig; ///< spec.advanced.inferencePool.schedulerConfig
    };

    Identity identity;
    Model model;
    std::int64_t gpuCount = 0;
    std::string gpuType = "nvidia";
    json::Object requests; ///< quantities, as written
    json::Object limits;
    Serving serving;
    Access access;
    Endpoints endpoints;
    Advanced advanced;

    /// Fails (Invalid) if the object is no LLMModel or breaks the schema's types; whether it makes sense is
    /// `validate`'s question.
    [[nodiscard]] static Result<LLMModel> from(const Object& object);
};

/// A PassthroughModel with the defaults of serving.md §1.5.
struct PassthroughModel {
    Identity identity;
    std::string hostname;
    std::int64_t port = 443;
    std::string schemaVersion = "v1"; ///< OpenAI path prefix without slashes at its ends, for example "api/v1"
    std::string credentialSecretName;
    bool catchAll = false;
    std::vector<std::string> declared; ///< public model ids
    Access access;
    Endpoints endpoints;

    [[nodiscard]] static Result<PassthroughModel> from(const Object& object);
};

} // namespace gatehouse::api
