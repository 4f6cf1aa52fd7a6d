// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/table.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

#include "core/base/showable.h"
#include "core/base/units.h"
#include "core/report/parts.h"
#include "core/report/text_style.h"

namespace alloclens {
namespace {

template <typename... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

template <typename Number>
std::string listText(const std::vector<Number>& values, std::string_view separator) {
    return fmt::format("{}", fmt::join(values, separator));
}

std::string cellText(const Cell& cell, const ReportColumn& column) {
    return std::visit(Overloaded{[](std::monostate) { return std::string("-"); },
                                 [&](std::int64_t value) {
                                     return column.isPlainNumber ? fmt::format("{}", value) : formatSignedCount(value);
                                 },
                                 [&](std::uint64_t value) {
                                     return column.isPlainNumber ? fmt::format("{}", value) : formatCount(value);
                                 },
                                 [](const std::string& text) { return showable(text); },
                                 [](const JsonCell& value) { return showable(value.text); },
                                 [](const auto& values) { return listText(values, ","); }},
                      cell);
}

/// RFC 4180: in quotes where it needs them.
std::string inQuotes(std::string text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string cellCsv(const Cell& cell) {
    std::string text = std::visit(Overloaded{[](std::monostate) { return std::string(); },
                                             [](std::int64_t value) { return fmt::format("{}", value); },
                                             [](std::uint64_t value) { return fmt::format("{}", value); },
                                             [](const std::string& value) { return showable(value); },
                                             [](const JsonCell& value) { return showable(value.text); },
                                             [](const auto& values) { return listText(values, " "); }},
                                  cell);
    return inQuotes(std::move(text));
}

nlohmann::ordered_json cellJson(const Cell& cell) {
    return std::visit(Overloaded{[](std::monostate) { return nlohmann::ordered_json(nullptr); },
                                 [](const JsonCell& value) { return nlohmann::ordered_json::parse(value.json); },
                                 [](const auto& value) { return nlohmann::ordered_json(value); }},
                      cell);
}

}  // namespace

std::string csvText(std::string_view text) { return inQuotes(showable(text)); }

void writeTableText(const Table& table, bool colour, std::ostream& out) {
    // Widens columns block by block, so that a long table starts at once.
    constexpr std::size_t kBlockRows = 4096;
    const TextStyle style(colour);
    std::vector<std::size_t> widths;
    for (const ReportColumn& column : table.columns) widths.push_back(column.title.size());
    std::vector<Cell> cells;
    std::vector<std::vector<std::string>> block;
    for (std::size_t row = 0; row < table.rows || row == 0; row += kBlockRows) {
        block.clear();
        for (std::size_t i = row; i < std::min(row + kBlockRows, table.rows); ++i) {
            cells.assign(table.columns.size(), std::monostate{});
            table.fill(i, cells);
            std::vector<std::string>& texts = block.emplace_back();
            for (std::size_t c = 0; c < cells.size(); ++c) {
                texts.push_back(cellText(cells[c], table.columns[c]));
                widths[c] = std::max(widths[c], displayWidth(texts.back()));
            }
        }
        if (row == 0) {
            std::string heading;
            for (std::size_t c = 0; c < widths.size(); ++c) {
                heading += padded(table.columns[c].title, widths[c], table.columns[c].isRight);
                if (c + 1 < widths.size()) heading += "  ";
            }
            heading.erase(heading.find_last_not_of(' ') + 1);
            out << style.strong(heading) << '\n';
        }
        for (const auto& texts : block) {
            std::string line;
            for (std::size_t c = 0; c < texts.size(); ++c) {
                line += padded(texts[c], widths[c], table.columns[c].isRight);
                if (c + 1 < texts.size()) line += "  ";
            }
            line.erase(line.find_last_not_of(' ') + 1);
            out << line << '\n';
        }
    }
}

void writeTableCsv(const Table& table, std::ostream& out) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) out << (c > 0 ? "," : "") << table.columns[c].key;
    out << "\r\n";
    std::vector<Cell> cells;
    for (std::size_t row = 0; row < table.rows; ++row) {
        cells.assign(table.columns.size(), std::monostate{});
        table.fill(row, cells);
        for (std::size_t c = 0; c < cells.size(); ++c) out << (c > 0 ? "," : "") << cellCsv(cells[c]);
        out << "\r\n";
    }
}

void writeTableJsonRows(const Table& table, std::ostream& out) {
    std::vector<Cell> cells;
    for (std::size_t row = 0; row < table.rows; ++row) {
        cells.assign(table.columns.size(), std::monostate{});
        table.fill(row, cells);
        nlohmann::ordered_json object;
        for (std::size_t c = 0; c < cells.size(); ++c) {
            const ReportColumn& column = table.columns[c];
            object[column.key] = cellJson(cells[c]);
            if (!column.alias.empty()) object[column.alias] = cellJson(cells[c]);
        }
        out << "    " << dumpJson(object) << (row + 1 < table.rows ? ",\n" : "\n");
    }
}

}  // namespace alloclens
