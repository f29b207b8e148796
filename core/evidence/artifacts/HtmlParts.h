#pragma once

#include "core/evidence/Facts.h"

/// Building blocks of report.html.
namespace gatehouse::evidence {

/// The document up to and including <body>: style inside, a content policy that forbids scripts and the network.
[[nodiscard]] std::string htmlHead(std::string_view title);
/// A coloured word: "DENIED", "REACHED", "PASSED", "high", …
[[nodiscard]] std::string htmlBadge(std::string_view word);
[[nodiscard]] std::string htmlTile(std::string_view value, std::string_view label, std::string_view tone);
/// A stacked bar of the verdicts of one endpoint as inline SVG, with a text alternative.
[[nodiscard]] std::string htmlVerdictBar(const VerdictCounts& counts);
/// A ring that is filled by `ratio`, as inline SVG.
[[nodiscard]] std::string htmlRing(double ratio, std::string_view label);
[[nodiscard]] std::string htmlLegend();

} // namespace gatehouse::evidence
