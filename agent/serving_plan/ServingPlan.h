#pragma once

#include "core/json/Json.h"
#include "core/result/Result.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::serving_plan {

enum class ListenerKind { External, Internal };

/// Who may call a model on a listener.
struct CallerRule {
    bool anyAuthenticated = false;      ///< access.public
    std::vector<std::string> groups;    ///< on the internal listener: token groups
    std::vector<std::string> clientIds; ///< on the external listener: keys of this model, sorted
};

/// One model id reachable on one listener.
struct PlannedRoute {
    ListenerKind listener = ListenerKind::External;
    std::vector<std::string> modelIds; ///< empty with catchAll
    bool catchAll = false;
    std::chrono::milliseconds timeout{600'000};
    std::string timeoutText = "600s"; ///< the same, as the object says it
    CallerRule callers;
};

/// Where requests go on one host: a server of its own, or a provider.
struct Upstream {
    std::string scheme = "http"; ///< http or https
    std::string host;
    std::uint16_t port = 0;
    std::string pathPrefix;       ///< replaces "/v1", for example "/api/v1"; empty: as sent
    std::string credentialSecret; ///< Secret with key `apiKey` sent upstream; empty: none
    bool verifyTls = true;
};

enum class ModelKind { Served, Passthrough };

/// How the files of a served model get into its storage.
struct ModelFiles {
    enum class Loader { None, Download, CopyFromImage };
    Loader loader = Loader::Download;
    std::string image;        ///< of the loader
    std::string repository;   ///< Download: what to fetch
    std::string revision;     ///< Download; empty: the newest
    std::string tokenSecret;  ///< Download: Secret with key HF_TOKEN; empty: none
    bool claim = true;        ///< storage outlives the pod
    std::string size;         ///< quantity; empty: not given
    std::string storageClass; ///< empty: the cluster's default
    bool limited = true;      ///< without claim: `size` is a limit ("0" when not given); false: no limit at all
};

/// What runs a served model in a cluster.
struct Workload {
    std::string image;
    std::vector<std::string> command;
    std::vector<std::string> arguments;
    std::int64_t replicas = 1;
    std::int64_t gpus = 0;
    bool rollingUpdate = false;
    bool monitored = false;
    json::Object requests; ///< quantities
    json::Object limits;
    json::Array environment; ///< core/v1 EnvVar
    json::Array tolerations; ///< core/v1 Toleration, as the user wrote them
    json::Object nodeSelector;
    std::optional<json::Value> affinity; ///< core/v1 Affinity
    ModelFiles files;
    std::string schedulerImage;
    std::optional<json::Value> schedulerConfiguration; ///< none: the default
    std::string configurationHash; ///< serving.md §3.3: what must change for the model to be loaded anew
};

/// An outside provider, always over TLS.
struct Provider {
    std::string hostname;
    std::uint16_t port = 443;
    std::string schemaVersion;    ///< as written: "v1", "api/v1"
    std::string credentialSecret; ///< key `apiKey`
};

/// A Secret of API keys: client id → key. Values are not part of the plan.
struct KeySecret {
    std::string nameSpace;
    std::string name;
    std::vector<std::string> clientIds; ///< sorted; all data keys, the placeholder included
    bool ours = true;                   ///< carries the operator's label
    bool hasEmptyValue = false;         ///< an empty value opens and freezes the whole gateway: never hand it one
};

/// One LLMModel or PassthroughModel, in no product's words.
struct PlannedModel {
    ModelKind kind = ModelKind::Served;
    std::string nameSpace;
    std::string name;
    std::string uid;
    std::vector<PlannedRoute> routes;
    std::optional<Upstream> upstream; ///< of a single host; in a cluster the workload is the upstream
    std::optional<Workload> workload; ///< in a cluster, of a served model
    std::optional<Provider> provider; ///< in a cluster, of a passthrough model
    std::vector<std::string>
        credentialPool; ///< in a cluster: key Secrets its external listener authenticates with, sorted
    std::string note;   ///< shown wherever the model is, for example "bundled stand-in, not a model"
};

struct Condition {
    std::string nameSpace;
    std::string model;
    std::string type;
    bool status = false;
    std::string reason;
    std::string message;
};

/// What is to be true. A pure function of objects, settings and keys; what cannot be planned becomes a condition.
struct ServingPlan {
    std::vector<PlannedModel> models;  ///< sorted by namespace, name
    std::vector<Condition> conditions; ///< why a model is not in `models`, or only partly
};

} // namespace gatehouse::serving_plan
