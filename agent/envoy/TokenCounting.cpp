#include "agent/envoy/ResourceParts.h"

#include <initializer_list>

namespace gatehouse::envoy::parts {
namespace {

struct UsageField {
    std::initializer_list<const char*> path;
    const char* key; ///< "in" or "out"
};

/// Chat, completions and embeddings say prompt_tokens and completion_tokens; the responses API says input_tokens and
/// output_tokens, in a stream one level further down.
const std::initializer_list<UsageField> UsageFields{
    {{"usage", "prompt_tokens"}, "in"},
    {{"usage", "completion_tokens"}, "out"},
    {{"usage", "input_tokens"}, "in"},
    {{"usage", "output_tokens"}, "out"},
    {{"response", "usage", "input_tokens"}, "in"},
    {{"response", "usage", "output_tokens"}, "out"},
};

json::Object usageRule(const UsageField& field) {
    json::Array selectors;
    for (const char* step : field.path) {
        selectors.push_back(json::Object{{"key", step}});
    }
    return json::Object{
        {"selectors", std::move(selectors)},
        {"on_present", json::Object{{"metadata_namespace", UsageNamespace}, {"key", field.key}, {"type", "NUMBER"}}}};
}

} // namespace

json::Array tokenCountingFilters() {
    json::Array plain;
    json::Array streamed;
    for (const UsageField& field : UsageFields) {
        plain.push_back(usageRule(field));
        streamed.push_back(json::Object{{"rule", usageRule(field)}});
    }
    json::Object parser = extension(
        "json", typed("envoy.extensions.content_parsers.json.v3.JsonContentParser", {{"rules", std::move(streamed)}}));
    json::Array filters;
    filters.push_back(extension("envoy.filters.http.json_to_metadata",
                                typed("envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata",
                                      {{"response_rules", json::Object{{"rules", std::move(plain)}}}})));
    filters.push_back(extension("envoy.filters.http.sse_to_metadata",
                                typed("envoy.extensions.filters.http.sse_to_metadata.v3.SseToMetadata",
                                      {{"response_rules", json::Object{{"content_parser", std::move(parser)}}}})));
    return filters;
}

} // namespace gatehouse::envoy::parts
