#pragma once

#include "core/evidence/EvidenceBundle.h"

/// Parts that several documents share.
namespace gatehouse::evidence {

/// The title and the line that says which run, when and by what; ends with an empty line.
[[nodiscard]] std::string markdownHead(const EvidenceInputs& inputs, std::string_view title);
/// apiVersion, kind, run and madeAt, for JSON artifacts.
[[nodiscard]] json::Object jsonHead(const EvidenceInputs& inputs, std::string_view kind);
/// Valid UTF-8, indented, newline at the end.
[[nodiscard]] std::string document(const json::Object& object);

/// "default/chat" or "chat".
[[nodiscard]] std::string sourceText(const inventory::ObjectReference& reference);
/// "org/a, org/b", or "any" where every model id passes.
[[nodiscard]] std::string modelsText(const inventory::Endpoint& endpoint);
/// What the probe found out about an inventory endpoint, in one word: denies, reached, inconclusive, not probed.
[[nodiscard]] std::string probeText(const EvidenceInputs& inputs, const inventory::Endpoint& endpoint);

} // namespace gatehouse::evidence
