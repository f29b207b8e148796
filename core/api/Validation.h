#pragma once

#include "core/api/Models.h"

#include <span>
#include <string>
#include <vector>

namespace gatehouse::api {

/// Rules of meaning for one object (serving.md §5 and the mends of §8.B-9 … B-14). Empty: nothing is wrong. Each error
/// is of kind Invalid, its `field` is the JSON path, its message names the value, its hint is the mend.
[[nodiscard]] std::vector<Error> validate(const LLMModel& model);
[[nodiscard]] std::vector<Error> validate(const PassthroughModel& model);

/// Accepted, but a person should know.
[[nodiscard]] std::vector<std::string> warningsFor(const LLMModel& model);
[[nodiscard]] std::vector<std::string> warningsFor(const PassthroughModel& model);

/// Rules across objects: a model id may stand in one model only, two catch-alls cannot both catch all, and an LLMModel
/// and a PassthroughModel may not share a name (they would share the key Secret). All namespaces share one gateway
/// host, so ids are compared across namespaces. `others` may hold anything; what is no model, is being deleted, or is
/// the object itself is skipped.
[[nodiscard]] std::vector<Error> validateAgainst(const Object& object, std::span<const Object> others);

/// Admission in a cluster only (serving.md §5 rules 1 and 2): models live in the operator's namespace, which is
/// labelled `nebari.dev/managed=true`. An empty `operatorNamespace` switches the first rule off; `namespaceObject` null
/// means that the namespace could not be read, which is refused.
[[nodiscard]] std::vector<Error> validateNamespace(const Object& object, const std::string& operatorNamespace,
                                                   const Object* namespaceObject);

/// Public model ids an LLMModel or PassthroughModel object claims; empty for anything else.
[[nodiscard]] std::vector<std::string> modelIdsOf(const Object& object);

/// Where a model server on this host is, from annotation gatehouse.dev/upstream.
struct UpstreamUrl {
    std::string scheme; ///< "http" or "https"
    std::string host;   ///< without brackets
    std::uint16_t port = 0;
    std::string prefix; ///< "" or "/path"; a trailing "/" or "/v1" is dropped, because it is what the prefix stands for
};

/// Takes http(s)://host[:port][/prefix] and nothing else: no credentials, query or fragment.
[[nodiscard]] Result<UpstreamUrl> parseUpstreamUrl(const std::string& url);

} // namespace gatehouse::api
