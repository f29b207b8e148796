#include "core/evidence/Tables.h"

#include "core/evidence/Escape.h"

namespace gatehouse::evidence {
namespace {

std::string line(const Row& cells, const std::string& open, const std::string& between, const std::string& close) {
    std::string out = open;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        out += (i == 0 ? std::string() : between) + cells[i];
    }
    return out + close;
}

} // namespace

std::string markdownTable(const Row& header, const std::vector<Row>& rows, const std::string& ifEmpty) {
    if (rows.empty()) {
        return ifEmpty + "\n";
    }
    std::string out = line(header, "| ", " | ", " |\n") + line(Row(header.size(), "---"), "| ", " | ", " |\n");
    for (const Row& row : rows) {
        out += line(row, "| ", " | ", " |\n");
    }
    return out;
}

std::string htmlTable(const Row& header, const std::vector<Row>& rows, const std::string& ifEmpty) {
    if (rows.empty()) {
        return "<p class=\"none\">" + ifEmpty + "</p>\n";
    }
    std::string out = "<div class=\"table\"><table>\n" +
                      line(header, "<thead><tr><th>", "</th><th>", "</th></tr></thead>\n") + "<tbody>\n";
    for (const Row& row : rows) {
        out += line(row, "<tr><td>", "</td><td>", "</td></tr>\n");
    }
    return out + "</tbody></table></div>\n";
}

std::string csvTable(const Row& header, const std::vector<Row>& rows) {
    std::string out = line(header, "", ",", "\r\n");
    for (const Row& row : rows) {
        Row cells;
        for (const std::string& cell : row) {
            cells.push_back(csvCell(cell));
        }
        out += line(cells, "", ",", "\r\n");
    }
    return out;
}

} // namespace gatehouse::evidence
