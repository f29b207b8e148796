#pragma once

#include "core/json/Json.h"

namespace gatehouse::inventory {

/// Forms of an EndpointInventory document (contracts.md §4) for people and spreadsheets. The document may come from
/// elsewhere, so control characters are replaced, and cells that a spreadsheet would run as a formula begin with a
/// quote.
[[nodiscard]] std::string toTable(const json::Value& inventory);
[[nodiscard]] std::string toCsv(const json::Value& inventory);
[[nodiscard]] std::string toMarkdown(const json::Value& inventory);
[[nodiscard]] bool hasHighFinding(const json::Value& inventory);

} // namespace gatehouse::inventory
