#include "core/inventory/InventoryFormats.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace gatehouse::inventory {
namespace {

using Row = std::vector<std::string>;

const json::Array& listAt(const json::Value& value, std::string_view path) {
    static const json::Array none;
    const json::Value* found = json::at(value, path);
    return found != nullptr && found->is_array() ? found->get_array() : none;
}

std::string plainText(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    return text;
}

std::string joined(const json::Array& list) {
    std::string out;
    for (const json::Value& item : list) {
        if (item.is_string()) {
            out += (out.empty() ? "" : ", ") + std::string(item.get_string());
        }
    }
    return out;
}

std::string modelsText(const json::Value& endpoint) {
    const json::Value* models = json::find(endpoint, "models");
    return models != nullptr && models->is_array() ? joined(models->get_array()) : "any";
}

std::string sourceText(const json::Value& endpoint) {
    const std::string nameSpace = json::text(endpoint, "source.namespace");
    return json::text(endpoint, "source.kind") + " " + (nameSpace.empty() ? "" : nameSpace + "/") +
           json::text(endpoint, "source.name");
}

std::string findingsText(const json::Value& endpoint) {
    std::string out;
    for (const json::Value& finding : listAt(endpoint, "findings")) {
        out += (out.empty() ? "" : ", ") + json::text(finding, "id") + " (" + json::text(finding, "severity") + ")";
    }
    return out;
}

constexpr std::array Titles{"ID", "URL", "MODELS", "SOURCE", "REACH", "KEY", "MECHANISMS", "FINDINGS", "REASON"};

std::vector<Row> rowsOf(const json::Value& inventory) {
    std::vector<Row> rows;
    for (const json::Value& endpoint : listAt(inventory, "endpoints")) {
        Row row{json::text(endpoint, "id"),
                json::text(endpoint, "url"),
                modelsText(endpoint),
                sourceText(endpoint),
                json::text(endpoint, "reach"),
                json::text(endpoint, "authentication.required"),
                joined(listAt(endpoint, "authentication.mechanisms")),
                findingsText(endpoint),
                json::text(endpoint, "authentication.reason")};
        if (const std::string note = json::text(endpoint, "note"); !note.empty()) {
            row.back() += " Note: " + note;
        }
        std::transform(row.begin(), row.end(), row.begin(), plainText);
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string csvCell(std::string text) {
    if (!text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos) {
        text.insert(0, 1, '\'');
    }
    std::string out = "\"";
    for (const char c : text) {
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    }
    return out + "\"";
}

std::string markdownCell(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("|\\`*_<>[]").find(c) != std::string_view::npos) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

} // namespace

std::string toTable(const json::Value& inventory) {
    std::vector<Row> rows = rowsOf(inventory);
    rows.insert(rows.begin(), Row(Titles.begin(), Titles.end()));
    std::vector<std::size_t> widths(Titles.size());
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string out;
    for (const Row& row : rows) {
        for (std::size_t i = 0; i + 1 < row.size(); ++i) {
            out += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
        }
        out += row.back() + "\n";
    }
    for (const json::Value& item : listAt(inventory, "notInspected")) {
        out += "not inspected: " + plainText(json::text(item, "resource") + ": " + json::text(item, "reason")) + "\n";
    }
    return out;
}

std::string toCsv(const json::Value& inventory) {
    std::vector<Row> rows = rowsOf(inventory);
    rows.insert(rows.begin(), Row(Titles.begin(), Titles.end()));
    std::string out;
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            out += (i == 0 ? "" : ",") + csvCell(row[i]);
        }
        out += "\r\n";
    }
    return out;
}

std::string toMarkdown(const json::Value& inventory) {
    std::string out = "| ";
    for (const char* title : Titles) {
        out += std::string(title) + " | ";
    }
    out += "\n|";
    for (std::size_t i = 0; i < Titles.size(); ++i) {
        out += "---|";
    }
    for (const Row& row : rowsOf(inventory)) {
        out += "\n| ";
        for (const std::string& cell : row) {
            out += markdownCell(cell) + " | ";
        }
    }
    out += "\n\nNot inspected:\n\n";
    for (const json::Value& item : listAt(inventory, "notInspected")) {
        out += "- " + markdownCell(plainText(json::text(item, "resource") + ": " + json::text(item, "reason"))) + "\n";
    }
    return out;
}

bool hasHighFinding(const json::Value& inventory) {
    const json::Array& endpoints = listAt(inventory, "endpoints");
    return std::any_of(endpoints.begin(), endpoints.end(), [](const json::Value& endpoint) {
        const json::Array& findings = listAt(endpoint, "findings");
        return std::any_of(findings.begin(), findings.end(),
                           [](const json::Value& finding) { return json::text(finding, "severity") == "high"; });
    });
}

} // namespace gatehouse::inventory
