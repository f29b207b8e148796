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
    std::chrono::seconds timeout{600};
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

/// One LLMModel or PassthroughModel, in no product's words.
struct PlannedModel {
    ModelKind kind = ModelKind::Served;
    std::string nameSpace;
    std::string name;
    std::string uid;
    std::vector<PlannedRoute> routes;
    std::optional<Upstream> upstream; ///< of a single host; in a cluster the workload is the upstream
    std::string note;                 ///< shown wherever the model is, for example "bundled stand-in, not a model"
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
