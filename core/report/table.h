// SPDX-License-Identifier: GPL-3.0-or-later
//
// A report of rows and columns, written as aligned text, CSV or JSON from one description. Rows are made while writing,
// so long tables need no memory of their own. Used by one thread.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace alloclens {

/// A text for people with a form of its own in JSON.
struct JsonCell {
    std::string text;
    std::string json;
    friend auto operator<=>(const JsonCell&, const JsonCell&) = default;
};

/// Empty, a number, a text, a list of numbers, or a cell with its own JSON. Text groups digits, "1,234"; CSV and JSON
/// do not.
using Cell = std::variant<std::monostate, std::int64_t, std::uint64_t, std::string, std::vector<std::int64_t>,
                          std::vector<std::uint64_t>, JsonCell>;

struct ReportColumn {
    std::string_view title;      ///< for people
    std::string key;             ///< camelCase, for CSV and JSON
    bool isRight = false;        ///< right-aligned, as numbers are
    bool isPlainNumber = false;  ///< an identifier, whose digits are never grouped
};

struct Table {
    std::vector<ReportColumn> columns;
    std::size_t rows = 0;
    /// Fills `cells` with row `row`. Requires of the callee: one cell for each column.
    std::function<void(std::size_t row, std::vector<Cell>& cells)> fill;
};

/// A text as it stands in CSV: safe to show, in quotes where it needs them.
[[nodiscard]] std::string csvText(std::string_view text);

void writeTableText(const Table& table, bool colour, std::ostream& out);
/// RFC 4180: quotes cells if needed, ends lines with CR LF.
void writeTableCsv(const Table& table, std::ostream& out);
/// Writes the rows as JSON objects, one a line, separated by commas. The caller writes what is around them.
void writeTableJsonRows(const Table& table, std::ostream& out);

}  // namespace alloclens
