#pragma once

#include <string>
#include <vector>

/// Tables from cells that are already escaped for their format.
namespace gatehouse::evidence {

using Row = std::vector<std::string>;

/// A GFM table; the sentence `ifEmpty` instead when there are no rows.
[[nodiscard]] std::string markdownTable(const Row& header, const std::vector<Row>& rows, const std::string& ifEmpty);
[[nodiscard]] std::string htmlTable(const Row& header, const std::vector<Row>& rows, const std::string& ifEmpty);
/// RFC 4180 with "\r\n"; cells through csvCell() here.
[[nodiscard]] std::string csvTable(const Row& header, const std::vector<Row>& rows);

} // namespace gatehouse::evidence
