#pragma once

#include <string>
#include <string_view>

/// Kubernetes' rules for names and labels. Each answers what is wrong as the end of a sentence ("must be …"), or
/// nothing when the text is fine.
namespace gatehouse::names {

/// Lower case letters, digits, '-' and '.', at most 253: most object names.
[[nodiscard]] std::string subdomainProblem(std::string_view text);
/// The same without dots, at most 63: namespaces.
[[nodiscard]] std::string labelNameProblem(std::string_view text);
/// "[prefix/]name": keys of labels and annotations, finalizers.
[[nodiscard]] std::string qualifiedNameProblem(std::string_view text);
[[nodiscard]] std::string labelValueProblem(std::string_view text);
/// Keys of Secret.data and ConfigMap.data: [-._a-zA-Z0-9], at most 253, not "." or "..".
[[nodiscard]] std::string dataKeyProblem(std::string_view text);

} // namespace gatehouse::names
