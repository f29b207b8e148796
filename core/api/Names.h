#pragma once

#include <string>
#include <string_view>

namespace gatehouse::api {

/// RFC 1123 subdomain, at most 253 characters: the name of most objects.
[[nodiscard]] bool isDnsSubdomain(std::string_view text);
/// RFC 1123 label, at most 63 characters: a namespace.
[[nodiscard]] bool isDnsLabel(std::string_view text);
/// RFC 1035 label, at most 63 characters: a Service. Like a DNS label, but the first character is a letter.
[[nodiscard]] bool isServiceName(std::string_view text);
/// [prefix/]name, as label and annotation keys are written.
[[nodiscard]] bool isQualifiedName(std::string_view text);
[[nodiscard]] bool isLabelValue(std::string_view text);
/// Keys of Secret and ConfigMap data: letters, digits, '-', '_' and '.', at most 253.
[[nodiscard]] bool isDataKey(std::string_view text);

/// The name with every character that a Service may not have put right: "llama-3.1" → "llama-3-1", "70b-chat" →
/// "m-70b-chat".
[[nodiscard]] std::string suggestServiceName(std::string_view text, std::size_t most);

/// serving.md §2.0: lower case, runs of anything but [a-z0-9-] become '-', at most 48 characters and then a hash.
[[nodiscard]] std::string slug(std::string_view name);

} // namespace gatehouse::api
