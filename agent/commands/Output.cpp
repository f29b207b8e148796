#include "agent/commands/Output.h"

#include "agent/admin_api/Table.h"
#include "core/yaml/Yaml.h"

#include <algorithm>

namespace gatehouse::commands {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
    return out;
}

std::string cellText(const json::Value& value) {
    if (value.is_null()) {
        return {};
    }
    return printable(value.is_string() ? std::string(value.get_string()) : json::compact(value));
}

/// Header first; with a namespace column when there is more than one namespace.
Rows rowsOf(const ResourceType& type, std::span<const Object> objects, TimePoint now) {
    const json::Value table = admin_api::toTable(type, objects, now, admin_api::RowObject::None);
    const bool spread = std::any_of(objects.begin(), objects.end(), [&](const Object& object) {
        return object.nameSpace() != objects.front().nameSpace();
    });
    Rows rows(1);
    if (spread) {
        rows[0].emplace_back("Namespace");
    }
    for (const auto& column : table.at("columnDefinitions").get_array()) {
        rows[0].push_back(json::text(column, "name"));
    }
    const auto& all = table.at("rows").get_array();
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto& row = rows.emplace_back();
        if (spread) {
            row.push_back(printable(objects[i].nameSpace()));
        }
        for (const auto& cell : all[i].at("cells").get_array()) {
            row.push_back(cellText(cell));
        }
    }
    return rows;
}

std::size_t widthOf(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string asTable(Rows rows) {
    for (auto& name : rows.front()) {
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    }
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], widthOf(row[i]));
        }
    }
    std::string out;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            out += row[i];
            out += i + 1 < row.size() ? std::string(widths[i] - widthOf(row[i]) + 3, ' ') : "\n";
        }
    }
    return out;
}

std::string asCsv(const Rows& rows) {
    std::string out;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            std::string cell = row[i];
            // A cell that a spreadsheet would take for a formula is shown as text.
            if (!cell.empty() && std::string_view("=+-@").find(cell.front()) != std::string_view::npos) {
                cell.insert(0, 1, '\'');
            }
            if (cell.find_first_of(",\"") != std::string::npos) {
                std::string quoted = "\"";
                for (const char c : cell) {
                    quoted += c == '"' ? "\"\"" : std::string(1, c);
                }
                cell = quoted + "\"";
            }
            out += (i == 0 ? "" : ",") + cell;
        }
        out += "\r\n";
    }
    return out;
}

std::string asMarkdown(const Rows& rows) {
    std::string out;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        out += "|";
        for (const auto& cell : rows[r]) {
            out += ' ';
            for (const char c : cell) {
                out += std::string_view("|\\`<>*_[]").find(c) != std::string_view::npos ? std::string("\\") + c
                                                                                        : std::string(1, c);
            }
            out += " |";
        }
        out += '\n';
        if (r == 0) {
            out += "|";
            for (std::size_t i = 0; i < rows[0].size(); ++i) {
                out += "---|";
            }
            out += '\n';
        }
    }
    return out;
}

} // namespace

std::string formatObjects(const ResourceType& type, std::span<const Object> objects, const std::string& form,
                          bool single, TimePoint now) {
    if (form == "json" || form == "yaml") {
        json::Value value;
        if (single && objects.size() == 1) {
            value = objects.front().value();
        } else {
            json::Array items;
            for (const Object& object : objects) {
                items.push_back(object.value());
            }
            value = json::Object{
                {"apiVersion", type.apiVersion()}, {"kind", type.kind + "List"}, {"items", std::move(items)}};
        }
        return form == "json" ? json::pretty(value) : yaml::write(value);
    }
    const Rows rows = rowsOf(type, objects, now);
    return form == "csv" ? asCsv(rows) : form == "md" ? asMarkdown(rows) : asTable(rows);
}

} // namespace gatehouse::commands
