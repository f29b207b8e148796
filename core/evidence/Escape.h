#pragma once

#include "core/json/Json.h"

#include <string>
#include <string_view>

/// Model names, server answers and reasons are not trusted: everything that lands in a document goes through one of
/// these.
namespace gatehouse::evidence {

/// Valid UTF-8: each byte that is none becomes U+FFFD.
[[nodiscard]] std::string validUtf8(std::string_view text);
/// The same for every string and member name of a document.
[[nodiscard]] json::Value validJson(const json::Value& value);

/// validUtf8(), with what cannot be seen or reorders text (control characters, bidirectional marks, zero-width
/// characters, line separators) spelt "\u{202E}". The result is one line.
[[nodiscard]] std::string visible(std::string_view text);
/// Like visible(), but keeps line ends and tabs.
[[nodiscard]] std::string visibleLines(std::string_view text);

/// Inline Markdown text, in tables too: shown as it is, starts no markup, no link, no HTML.
[[nodiscard]] std::string markdown(std::string_view text);
/// A Markdown code span, for names and URLs; "–" for empty text.
[[nodiscard]] std::string markdownCode(std::string_view text);
/// HTML and XML, element content and quoted attributes.
[[nodiscard]] std::string html(std::string_view text);
[[nodiscard]] std::string xml(std::string_view text);
/// One CSV cell (RFC 4180), quoted where needed; what a spreadsheet would run as a formula gets a leading apostrophe.
[[nodiscard]] std::string csvCell(std::string_view text);

} // namespace gatehouse::evidence
