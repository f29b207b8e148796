#pragma once

#include "core/json/Json.h"
#include "core/time/Clock.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse {

/// Who made an artifact and when; the same value is stamped into everything that comes out of one run.
struct RunStamp {
    std::string id; ///< UUID
    TimePoint startedAt;
    std::string toolName = "gatehouse-agent";
    std::string toolVersion = GATEHOUSE_VERSION;

    [[nodiscard]] json::Object toJson() const;
};

} // namespace gatehouse

namespace gatehouse::inventory {

enum class Reach { External, Cluster, Unknown };
enum class Required { Yes, No, Partial, Unknown };

struct ObjectReference {
    std::string apiVersion;
    std::string kind;
    std::string nameSpace;
    std::string name;
};

struct Finding {
    std::string id;       ///< a row of docs/findings.md
    std::string severity; ///< "high", "medium", "low" or "info"
    std::string reason;   ///< one sentence
};

/// The effective protection of an endpoint and why we say so.
struct Authentication {
    Required required = Required::Unknown;
    std::vector<std::string> mechanisms; ///< of: api-key jwt oidc basic mtls ext-auth token-review
    std::vector<ObjectReference> enforcedBy;
    std::string reason;
};

/// One URL that answers for one or more models.
struct Endpoint {
    std::string id;  ///< stable across runs: made of source and URL, never of order or time
    std::string url; ///< base URL: what routes ("/v1/chat/completions") hang below; a ProbeTarget takes it as it is
    std::optional<std::vector<std::string>> models; ///< no value: any model id passes
    ObjectReference source;
    Reach reach = Reach::Unknown;
    Authentication authentication;
    std::vector<Finding> findings;
    std::string engine;     ///< name in the probe catalogue, empty if not known
    std::string engineNote; ///< for example "bundled stand-in, not a model"; shown wherever the endpoint is
};

struct NotInspected {
    std::string resource;
    std::string reason;
};

/// contracts.md §4. Endpoints are sorted by id.
struct Inventory {
    RunStamp run;
    std::vector<Endpoint> endpoints;
    std::vector<NotInspected> notInspected;

    [[nodiscard]] json::Object toJson() const;
};

[[nodiscard]] const char* word(Reach reach);
[[nodiscard]] const char* word(Required required);
/// "ep-" and 16 hex characters over source reference and URL.
[[nodiscard]] std::string endpointId(const ObjectReference& source, std::string_view url);

} // namespace gatehouse::inventory
